from django.urls import path

from recommendations import judgement_views, options_views, override_views, promise_views, rule_views, trace_views, views

app_name = "recommendations"
urlpatterns = [
    path("rules/", rule_views.rules, name="rules"),
    path("rules/dmn.zip", rule_views.dmn, name="rules_dmn"),
    path("design.schema.json", views.schema_file, name="schema"),
    path("<int:pk>/rules/", rule_views.design_rules, name="design_rules"),
    path("<int:pk>/newer/", rule_views.newer, name="newer"),
    path("of/<int:pk>/", views.design, name="design"),
    path("of/<int:pk>/overrides/", override_views.page, name="overrides"),
    path("of/<int:pk>/overrides/add/", override_views.add, name="override_add"),
    path("of/<int:pk>/overrides/<int:override>/remove/", override_views.remove, name="override_remove"),
    path("of/<int:pk>/generate/", views.generate, name="generate"),
    path("<int:pk>/", views.version, name="version"),
    path("<int:pk>/compliance/", judgement_views.compliance, name="compliance"),
    path("<int:pk>/design.json", views.json_file, name="json"),
    path("<int:pk>/trace/<path:pointer>.json", trace_views.json_file, name="trace_json"),
    path("<int:pk>/trace/<path:pointer>/", trace_views.page, name="trace"),
    path("<int:pk>/flips/<path:pointer>/", trace_views.flips, name="flips"),
    path("<int:pk>/options/", options_views.page, name="options"),
    path("<int:pk>/promise/<slug:key>/", promise_views.page, name="promise"),
    path("<int:pk>/promise/<slug:key>/what-if/", promise_views.what_if, name="what_if"),
    path("<int:pk>/promise/<slug:key>/take-over/", promise_views.take_over, name="take_over"),
    path("<int:pk>/changes/<int:other>/", views.changes, name="changes"),
]
