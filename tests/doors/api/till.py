"""A till at work: an account in the region of shops A and B, a token of every scope, and good calls of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.ids import new_id
from zhenke.care.models import Task
from zhenke.care.operations import load_default_plans
from zhenke.customers.models import DuplicatePair
from zhenke.customers.operations import add_contact, add_customer
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.operations.duplicates import PairDraft, keep_pairs
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.doors.permissions import SCOPES
from zhenke.grading.operations import ensure_first_scheme
from zhenke.membership.operations import earn
from zhenke.membership.operations.rules import load_first_rules
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.rules import Cause
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.operations import add_staff, issue_token
from zhenke.staff.rules import Role

API = "/api/v1"
FILE = "姓名,手机,卡号\n何念,13800138011,N1\n何想,13800138012,N2\n"


@dataclass
class Till:
    """Speaks to the shop as a program does."""

    cast: Cast
    account: StaffMember
    secret: str
    client: Client

    def headers(self, key: str = "") -> dict[str, str]:
        """Return the headers of one call; a call that writes has a key of its own."""
        return {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key or f"k{new_id()}"}

    def get(self, path: str, **query: object) -> HttpResponse:
        """Read."""
        return self.client.get(f"{API}{path}", query, headers=self.headers(), secure=True)  # type: ignore[return-value]

    def send(self, method: str, path: str, body: object, key: str = "") -> HttpResponse:
        """Write."""
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(  # type: ignore[return-value]
            method, f"{API}{path}", text, "application/json", headers=self.headers(key), secure=True
        )

    def post(self, path: str, body: object, key: str = "") -> HttpResponse:
        """Write something new."""
        return self.send("POST", path, body, key)

    def upload(self, fields: dict[str, Any], key: str = "") -> HttpResponse:
        """Hand in a file."""
        return self.client.post(f"{API}/imports", fields, headers=self.headers(key), secure=True)  # type: ignore[return-value]


def open_shop() -> None:
    """Give the house its rules: care plans, festivals, a scheme."""
    at = now()
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=at)
    ensure_first_scheme(at)


def till_of(cast: Cast, *, shop: Shop | None = None, scopes: tuple[str, ...] = SCOPES) -> Till:
    """Return a till that stands in the region, or where it is said."""
    at = now()
    place = shop or cast.region
    account = add_staff(
        username=f"till-{new_id()}", name="till", role=Role.INTEGRATION, shop=place, password=None, by=SYSTEM, now=at
    )
    _, secret = issue_token(name="till", acts_as=account, scopes=scopes, by=SYSTEM, now=at)
    return Till(cast, account, secret, Client())


def cny(minor: int) -> dict[str, object]:
    """Return an amount."""
    return {"minor": minor, "currency": "CNY"}


def sale_body(**other: object) -> dict[str, Any]:
    """Return a receipt of one ring that Mrs Zhou bought from Mei an hour ago."""
    return {
        "source_key": f"till-1:{new_id()}",
        "sold_at": (now() - timedelta(hours=1)).isoformat(),
        "shop": "A",
        "advisor": "mei",
        "buyer": {"card_number": "ZK000001"},
        "lines": [{"style_no": "R1", "style_name": "Solitaire", "category": "ring", "amount": cny(8_800_00)}],
        **other,
    }


def task_for_mrs_zhou(cast: Cast) -> Task:
    """Return an open follow-up of Mrs Zhou's, given to Mei."""
    today = local_date(now(), "Asia/Shanghai")
    return Task.objects.create(
        occurrence_key=f"t-{new_id()}",
        customer=cast.mrs_zhou,
        assignee=cast.mei,
        shop=cast.shop_a,
        step="thanks",
        due_date=today,
        last_date=today,
        created_at=now(),
    )


def days_on(days: int) -> str:
    """Return a day in so many days."""
    return (local_date(now(), "Asia/Shanghai") + timedelta(days=days)).isoformat()


@dataclass
class Call:
    """One well-formed call that writes, and how many rows of which tables one of it makes."""

    path: str
    body: dict[str, Any]
    makes: dict[str, int]
    is_upload: bool = False

    def fields(self) -> dict[str, Any]:
        """Return the form of an upload."""
        file = SimpleUploadedFile("people.csv", FILE.encode(), content_type="text/csv")
        return {**self.body, "file": file}


def _customer(till: Till) -> Call:
    body = {"name": "何念", "phones": ["13800138009"], "shop": "A", "owner": "mei", "traits": {"metal": ["gold"]}}
    return Call("/customers", body, {"Customer": 1, "ContactPoint": 1, "Trait": 1, "Grade": 1})


def _changed(till: Till) -> Call:
    return Call(f"/customers/{till.cast.mrs_zhou.pk}", {"region": f"R{new_id()}"[:20]}, {"AuditEntry": 1})


def _sale(till: Till) -> Call:
    return Call("/sales", sale_body(buyer={"new": {"name": "何念"}}), {"Sale": 1, "SaleLine": 1, "Customer": 1})


def _return(till: Till) -> Call:
    sold = till.post("/sales", sale_body()).json()["sale"]  # type: ignore[attr-defined]
    body = {
        "source_key": f"till-1:{new_id()}",
        "returned_at": now().isoformat(),
        "shop": "A",
        "sale_id": sold["id"],
        "lines": [{"line_key": "1"}],
    }
    return Call("/returns", body, {"Sale": 1, "SaleLine": 1})


def _task(till: Till) -> Call:
    body = {
        "customer_id": str(till.cast.mrs_zhou.pk),
        "assignee": "mei",
        "due_date": days_on(2),
        "note": "Ring is back from the workshop",
    }
    return Call("/tasks", body, {"Task": 1})


def _finish(till: Till) -> Call:
    task = task_for_mrs_zhou(till.cast)
    body = {"result": "reached", "note": "wears it daily", "next_date": days_on(30)}
    return Call(f"/tasks/{task.pk}/finish", body, {"Task": 1, "Interaction": 1})


def _snooze(till: Till) -> Call:
    return Call(f"/tasks/{task_for_mrs_zhou(till.cast).pk}/snooze", {"until": days_on(3)}, {"Task": 0})


def _reassign(till: Till) -> Call:
    return Call(f"/tasks/{task_for_mrs_zhou(till.cast).pk}/reassign", {"assignee": "tao"}, {"AuditEntry": 1})


def _link(till: Till) -> Call:
    body = {"other_id": str(till.cast.mr_zhou.pk), "kind": "spouse"}
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/links", body, {"CustomerLink": 1, "AuditEntry": 1})


def visit_body(till: Till) -> dict[str, Any]:
    """Return a visit with a companion and something agreed."""
    return {
        "source_key": f"till-1:{new_id()}",
        "at": now().isoformat(),
        "shop": "A",
        "advisor": "mei",
        "looked_at": ["R1", "pearl strand"],
        "tried": ["R1"],
        "minutes": 20,
        "companion_ids": [str(till.cast.mr_zhou.pk)],
        "stopped_by": ["ask_family"],
        "agreed": "Show the pearl strand again",
        "agreed_date": days_on(3),
    }


def _visit(till: Till) -> Call:
    rows = {"Interaction": 1, "Visit": 1, "VisitPiece": 2, "VisitCompanion": 1, "Task": 1, "AuditEntry": 1}
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/visits", visit_body(till), rows)


def _confirmed_field(till: Till) -> Call:
    add_contact(customer=till.cast.mrs_zhou, kind="phone", text="13800138000", by=till.cast.mei, now=now())
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/freshness", {"field": "phone"}, {"AuditEntry": 1})


def _unlink(till: Till) -> Call:
    call = _link(till)
    link = till.post(call.path, call.body).json()["rows"][0]  # type: ignore[attr-defined]
    return Call(f"{call.path}/drop", {"link_id": link["id"]}, {"AuditEntry": 1})


def _consent(till: Till) -> Call:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now())
    body = {"purpose": "marketing", "channels": ["wechat"], "act": "give"}
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/consents", body, {"ConsentEntry": 1, "AuditEntry": 1})


def _guardian(till: Till) -> Call:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now())
    body = {
        "proof": "paper",
        "proof_note": "A-17",
        "guardian_id": str(till.cast.mr_zhou.pk),
        "birthday": {"month": 5, "day": 6, "year": now().year - 8},
    }
    rows = {"ConsentEntry": 1, "CustomerDate": 1, "CustomerLink": 1, "AuditEntry": 2}
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/guardian", body, rows)


def _import(till: Till) -> Call:
    return Call("/imports", {"subject": "customers", "shop": "A"}, {"ImportRun": 1}, is_upload=True)


def piece_body(**other: object) -> dict[str, Any]:
    """Return a ring that was bought elsewhere."""
    return {
        "source_key": f"till-1:{new_id()}",
        "name": "祖母的钻戒",
        "serial": f"S{new_id()}",
        "category": "ring",
        "gross_mg": 2_700,
        "price": cny(880_000),
        "stones": [{"kind": "diamond", "nature": "natural", "carat_thousandths": 402}],
        "certificates": [{"lab": "GIA", "number": "2487710010"}],
        **other,
    }


def _piece(till: Till) -> Call:
    path = f"/customers/{till.cast.mrs_zhou.pk}/pieces"
    return Call(path, piece_body(), {"Piece": 1, "Stone": 1, "Certificate": 1, "AuditEntry": 1})


def _inspection(till: Till) -> Call:
    made = till.post(f"/customers/{till.cast.mrs_zhou.pk}/pieces", piece_body()).json()  # type: ignore[attr-defined]
    return Call(f"/pieces/{made['id']}/inspections", {"seen": "prongs tight"}, {"Inspection": 1, "AuditEntry": 1})


def _traits(till: Till) -> Call:
    path = f"/customers/{till.cast.mrs_zhou.pk}/traits"
    return Call(
        path, {"traits": {"metal": ["gold"], "ring_size": ["12"]}, "source": "till"}, {"Trait": 2, "AuditEntry": 1}
    )


def twin_of_mrs_zhou(till: Till) -> DuplicatePair:
    """Open Mrs Zhou's archive a second time, and return the pair that was found."""
    draft = CustomerDraft(name="周莉华", shop=till.cast.shop_a, owner=till.cast.mei)
    twin = add_customer(draft=draft, by=SYSTEM, now=now())
    first, second = sorted((till.cast.mrs_zhou.pk, twin.pk))
    keep_pairs(pairs=[PairDraft(first, second, 990, ("pinyin",))], now=now())
    return DuplicatePair.objects.get(first=first, second=second)


def _merge(till: Till) -> Call:
    body = {"keep": str(till.cast.mrs_zhou.pk), "choices": {"name": "loser"}}
    return Call(f"/duplicates/{twin_of_mrs_zhou(till).pk}/merge", body, {"Merge": 1, "AuditEntry": 1})


def _not_same(till: Till) -> Call:
    return Call(f"/duplicates/{twin_of_mrs_zhou(till).pk}/not-same", {}, {"AuditEntry": 1})


def _undo_of_merge(till: Till) -> Call:
    call = _merge(till)
    done = till.post(call.path, call.body).json()  # type: ignore[attr-defined]
    return Call(f"/merges/{done['id']}/undo", {}, {"Customer": 1})


# By the name of the operation in the contract; a new operation that writes needs its line here.
def _right(till: Till) -> Call:
    load_first_rules(rules=PROGRAMME_RULES, now=now())
    customer = till.cast.mrs_zhou
    review_members(customer_ids=[customer.pk], on=local_date(now(), "Asia/Shanghai"), reason="night", now=now())
    body = {"source_key": f"r{new_id()}", "right": "cleaning"}
    return Call(f"/customers/{customer.pk}/rights/use", body, {"RightUse": 1, "AuditEntry": 1})


def _spendable(till: Till) -> None:
    """Give Mrs Zhou 10,000 points."""
    load_first_rules(rules=PROGRAMME_RULES, now=now())
    today = local_date(now(), "Asia/Shanghai")
    earn(
        customer=till.cast.mrs_zhou, points=10_000, cause=Cause("by_hand", "till"), on_date=today, pending_days=0,
        months=24, by=SYSTEM, now=now(),
    )  # fmt: skip


def bill() -> list[dict[str, object]]:
    """Return the lines of a bill of one ring."""
    return [{"amount": cny(1_000_00), "description": "ring"}]


def _quote(till: Till) -> Call:
    _spendable(till)
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/points/quote", {"lines": bill(), "shop": "A"}, {})


def _hold(till: Till) -> Call:
    _spendable(till)
    body = {"source_key": f"h{new_id()}", "points": 1_000, "lines": bill(), "shop": "A"}
    return Call(f"/customers/{till.cast.mrs_zhou.pk}/points/hold", body, {"PointsEntry": 1, "PointsLeg": 2})


def _held_off(till: Till) -> Call:
    held = _hold(till)
    till.post(held.path, held.body)
    path = held.path.replace("/hold", "/cancel")
    return Call(path, {"source_key": held.body["source_key"]}, {"PointsEntry": 1, "PointsLeg": 2})


CALLS: dict[str, Callable[[Till], Call]] = {
    "create_customer": _customer,
    "update_customer": _changed,
    "create_sale": _sale,
    "create_return": _return,
    "create_task": _task,
    "finish_one_task": _finish,
    "snooze_task": _snooze,
    "reassign_task": _reassign,
    "write_traits": _traits,
    "create_link": _link,
    "create_visit": _visit,
    "confirm_one_field": _confirmed_field,
    "drop_one_link": _unlink,
    "take_consent": _consent,
    "take_guardian": _guardian,
    "create_import": _import,
    "create_piece": _piece,
    "inspect": _inspection,
    "use_right": _right,
    "quote_points": _quote,
    "hold_for_sale": _hold,
    "cancel_held": _held_off,
    "merge_pair": _merge,
    "tell_apart": _not_same,
    "take_merge_back": _undo_of_merge,
}
