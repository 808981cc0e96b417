"""Words about follow-ups: their steps, how they end, what to say."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhenke.care.models import Task
from zhenke.care.queries import CareItem
from zhenke.care.rules import ASK_STEP, DATED_STEPS, MEMBER_STEP, STAY_STEP
from zhenke.customers.models import Customer
from zhenke.doors.words.people import address_of
from zhenke.doors.words.why import occasion_name, script_for

STEP_WORDS: dict[str, Promise] = {
    "thanks": _("Thank you"),
    "wear_check": _("Wear check"),
    "satisfaction": _("Satisfaction"),
    "cleaning": _("Cleaning"),
    "inspection": _("Inspection"),
    "anniversary": _("A year on"),
    "win_back": _("Win back"),
    "birthday": _("Birthday"),
    "birthday_greeting": _("Birthday greeting"),
    "wedding": _("Wedding day"),
    "festival": _("Festival"),
    "occasion": _("Occasion"),
    "welcome": pgettext_lazy("follow-up", "Welcome"),
    "welcome_again": _("Second hello"),
    "call_back": _("Call back"),
    "by_hand": _("Promised"),
    "ask_field": _("To ask"),
    "ask_to_stay": _("May we keep it?"),
    "member_asks": _("Asked on the member site"),
}
RESULT_WORDS: dict[str, Promise] = {
    "reached": _("Spoke with the customer"),
    "message_sent": _("Message sent"),
    "visit_booked": _("Will come by"),
    "visited": pgettext_lazy("follow-up", "Came by"),
    "bought": _("Bought"),
    "no_answer": _("No answer"),
    "later": _("Asked for later"),
    "not_interested": _("Not interested"),
    "wrong_number": _("Wrong number"),
    # Ends that the house writes itself.
    "missed": pgettext_lazy("follow-up", "Missed"),
    "superseded": _("Replaced by a newer one"),
    "returned": _("Called off: the piece came back"),
    "undone": _("Taken back"),
    "inspected": pgettext_lazy("follow-up", "Inspected"),
    "merged": _("The same follow-up was there twice"),
    "date_removed": _("The day was taken away"),
    # Words that tills and older files use.
    "replied": _("Replied"),
    "busy": _("Line busy"),
    "booked": _("Will come by"),
    "not_now": _("Asked for later"),
    "refused": _("Not interested"),
}
_PROMISED = (
    "Hello {name}, this is {advisor} of {shop}. I promised to be in touch; is this a good moment?",
    "{name}您好，我是{shop}的{advisor}，上次说好跟您联系，您现在方便吗？",
)
_QUESTION = (
    "Hello {name}, this is {advisor} of {shop}. May I ask you one small thing, so that we choose better for you?",
    "{name}您好，我是{shop}的{advisor}。想跟您核对一个小信息，方便以后为您挑选。",
)
_OCCASION = (
    "Hello {name}, this is {advisor} of {shop}. A special day of yours is near; may I help you prepare something?",
    "{name}您好，我是{shop}的{advisor}。{occasion}快到了，要不要我先帮您挑几件看看？",
)


def step_word(step: str) -> str:
    """Return the word of a step; a step of the shop's own is written as it reads."""
    return str(STEP_WORDS.get(step, step.replace("_", " ").capitalize()))


def chip_of(item: CareItem) -> str:
    """Return what a follow-up is about in two words; of a day that comes near, the day itself."""
    why = item.why
    if item.task is None or (why.occasion and item.task.step in DATED_STEPS):
        name = occasion_name(why.occasion, why.occasion_label)
        return name[:1].upper() + name[1:]
    return step_word(item.task.step)


def result_word(result: str) -> str:
    """Return how a follow-up or a contact ended, "" for an unknown code."""
    return str(RESULT_WORDS.get(result, ""))


def words_to_say(item: CareItem, *, shop: str, advisor: str) -> str:
    """Return what to say to the customer of an item, in her language if it is known, else in the reader's."""
    task, customer = item.task, item.customer
    english, chinese = _template_of(task, has_occasion=bool(item.why.occasion))
    fields = {
        "name": _name_of(customer),
        "piece": item.why.piece,
        "shop": shop,
        "advisor": advisor,
        "occasion": occasion_name(item.why.occasion, item.why.occasion_label) if item.why.occasion else "",
    }
    language = customer.language or get_language() or "en"
    return script_for(script_en=english, script_zh=chinese, language=language.lower(), fields=fields)


def _name_of(customer: Customer) -> str:
    return address_of(customer.name, customer.gender) if customer.kind == "person" else customer.name


def _template_of(task: Task | None, *, has_occasion: bool) -> tuple[str, str]:
    """The step's own words; of two steps with one code those of the same day from the trigger."""
    if task is not None and task.step in (ASK_STEP, STAY_STEP, MEMBER_STEP):
        return _QUESTION
    if task is None or task.plan is None:
        return _OCCASION if task is None and has_occasion else _PROMISED
    steps = [step for step in task.plan.steps if step.get("code") == task.step]
    offset = task.occurrence_key.rsplit(":", 1)[-1]
    same = [step for step in steps if str(step.get("offset_days")) == offset]
    step = (same or steps or [{}])[0]
    return step.get("script_en") or _PROMISED[0], step.get("script_zh") or _PROMISED[1]
