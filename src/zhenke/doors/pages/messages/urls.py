"""Addresses of messages."""

from django.urls import path

from zhenke.doors.pages.messages import contact_rules, templates, views

urlpatterns = [
    path("messages/", views.messages_page, name="messages"),
    path("messages/<int:message_id>/settle/", views.message_settle, name="message_settle"),
    path("messages/templates/", templates.message_templates, name="message_templates"),
    path("messages/templates/<int:template_id>/", templates.message_template, name="message_template"),
    path(
        "messages/templates/<int:template_id>/again/", templates.message_template_again, name="message_template_again"
    ),
    path("messages/rules/", contact_rules.message_rules, name="message_rules"),
    path("messages/rules/<int:version>/again/", contact_rules.message_rules_again, name="message_rules_again"),
]
