from django.urls import path

from provisioning import views
from provisioning import views_after as after
from provisioning import views_drills as drills
from provisioning import views_plans as plans

app_name = "provisioning"
urlpatterns = [
    path("of/<int:pk>/", views.apply, name="apply"),
    path("of/<int:pk>/targets/new/", views.target_new, name="target_new"),
    path("of/<int:pk>/drills/", drills.drills, name="drills"),
    path("of/<int:pk>/drills/new/", drills.drill_new, name="drill_new"),
    path("drills/<int:pk>/", drills.drill, name="drill"),
    path("drills/<int:pk>/status/", drills.drill_status, name="drill_status"),
    path("drills/<int:pk>/drill.json", drills.drill_file, name="drill_file"),
    path("targets/<int:pk>/plan/", views.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/status/", plans.plan_status, name="plan_status"),
    path("plans/<int:pk>/plan.json", plans.plan_file, name="plan_file"),
    path("plans/<int:pk>/onboarding.zip", plans.plan_onboarding, name="plan_onboarding"),
    path("plans/<int:pk>/run/", plans.run_new, name="run_new"),
    path("runs/<int:pk>/", plans.run, name="run"),
    path("runs/<int:pk>/live/", plans.run_live, name="run_live"),
    path("runs/<int:pk>/pause/", plans.run_pause, name="run_pause"),
    path("runs/<int:pk>/cancel/", plans.run_cancel, name="run_cancel"),
    path("runs/<int:pk>/continue/", plans.run_continue, name="run_continue"),
    path("runs/<int:pk>/undo/", after.undo_new, name="undo_new"),
    path("undos/<int:pk>/", after.undo, name="undo"),
    path("undos/<int:pk>/status/", after.undo_status, name="undo_status"),
    path("undos/<int:pk>/approve/", after.undo_approve, name="undo_approve"),
    path("undos/<int:pk>/continue/", after.undo_continue, name="undo_continue"),
    path("targets/<int:pk>/drift/", after.drift_new, name="drift_new"),
    path("drifts/<int:pk>/", after.drift, name="drift"),
    path("drifts/<int:pk>/status/", after.drift_status, name="drift_status"),
    path("runs/<int:pk>/evidence.zip", plans.evidence, name="evidence"),
]
