"""Tables of messaging: the queue with its attempts, templates and contact rules version by version, what came back."""

from zhenke.messaging.models.notices import ProviderNotice
from zhenke.messaging.models.queue import Attempt, Message
from zhenke.messaging.models.settings import ContactRulesVersion, TemplateVersion

__all__ = ["Attempt", "ContactRulesVersion", "Message", "ProviderNotice", "TemplateVersion"]
