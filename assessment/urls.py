from django.urls import path

from assessment.views import assessments, exchange, sections, workloads

app_name = "assessment"
urlpatterns = [
    path("", assessments.assessment_list, name="list"),
    path("new/", assessments.new, name="new"),
    path("import/", exchange.import_file, name="import_file"),
    path("<int:pk>/", assessments.detail, name="detail"),
    path("<int:pk>/export/", exchange.export_file, name="export_file"),
    path("<int:pk>/answer/", sections.answer, name="answer"),
    path("<int:pk>/sections/<slug:section>/", sections.section, name="section"),
    path("<int:pk>/workloads/", workloads.workload_list, name="workloads"),
    path("<int:pk>/new-workload/", workloads.new, name="workload_new"),
    path("<int:pk>/workloads/<slug:workload>/", sections.workload_start, name="workload_start"),
    path("<int:pk>/workloads/<slug:workload>/edit/", workloads.edit, name="workload_edit"),
    path("<int:pk>/workloads/<slug:workload>/move/", workloads.move, name="workload_move"),
    path("<int:pk>/workloads/<slug:workload>/remove/", workloads.remove, name="workload_remove"),
    path("<int:pk>/workloads/<slug:workload>/<slug:section>/", sections.section, name="workload_section"),
]
