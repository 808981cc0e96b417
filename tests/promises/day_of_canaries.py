"""A shop's day through its pages, its API and its imports, in the installation of the process that runs it.

Every contact that the day brings in carries a mark of eight digits: phones (1, the mark, two digits), e-mails, WeChat
ids and addresses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhenke.basics.clock import now
from zhenke.customers.models import ContactPoint, Customer, ImportRun
from zhenke.doors.jobs.export import export_task
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.doors.permissions import SCOPES
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.operations import add_staff, issue_token
from zhenke.staff.rules import Role

PASSWORD = "four quiet jade bangles"
OPTIONS = {"unknown_shop": "refuse", "unknown_advisor": "refuse", "currency": "CNY", "grams_in_weight_unit": "1"}
HEAD = "姓名,会员卡号,手机,邮箱,微信,地址\n"
MAPPED = {
    f"column-{place}": field
    for place, field in enumerate(("name", "card_number", "phone", "email", "wechat", "address"))
}


@dataclass(frozen=True)
class Canary:
    """Four contacts of one person."""

    mark: str
    number: int

    @property
    def contacts(self) -> dict[str, str]:
        """What is kept sealed."""
        return {
            "phone": f"1{self.mark}{self.number:02d}",
            "email": f"q{self.mark}.{self.number}@quiet.example",
            "wechat": f"wx_{self.mark}_{self.number}",
            "address": f"深圳市罗湖区翠竹路{self.mark}号{self.number}室",
        }


class Day:
    """The day; what fails ends it."""

    def __init__(self, mark: str, people: int) -> None:
        self.canaries = [Canary(mark, number) for number in range(people)]
        self.shop = Shop.objects.get(code="A")
        self.lin = add_staff(
            username="lei", name="雷", role=Role.SHOP_MANAGER, shop=self.shop, password=PASSWORD, by=SYSTEM, now=now()
        )
        owner = add_staff(
            username="zhu", name="朱", role=Role.OWNER, shop=Shop.objects.get(code="ZBG"), password=PASSWORD,
            by=SYSTEM, now=now(),
        )  # fmt: skip
        self.desk, self.owner = self._signed_in(self.lin), self._signed_in(owner)
        self.done: dict[str, int] = {}

    @staticmethod
    def _signed_in(person: StaffMember) -> Client:
        client = Client(SERVER_NAME="localhost")
        answer = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[-900:]
        return client

    def post(self, address: str, given: dict[str, object], *, wanted: tuple[int, ...] = (200, 204, 302)) -> str:
        """Send a form; anything but a good answer ends the day."""
        answer = self.desk.post(address, given)
        assert answer.status_code in wanted, (address, answer.status_code, answer.content.decode()[-900:])
        self.done[address.strip("/").split("/")[0]] = self.done.get(address.strip("/").split("/")[0], 0) + 1
        return str(answer.get("Location", ""))

    def by_pages(self, part: list[Canary]) -> None:
        """Open archives at the counter, look for them, show what is sealed."""
        for canary in part:
            given = canary.contacts
            form = {
                "name": f"页{canary.number}",
                "phone": given["phone"],
                "key": f"k{canary.number}",
                "source": "walk_in",
            }
            address = self.post("/customers/new/", form)
            for kind in ("email", "wechat", "address"):
                self.post(f"{address}contact/", {"kind": kind, "text": given[kind]})
            for contact in ContactPoint.objects.filter(customer_id=int(address.split("/")[2])):
                form = {"contact": contact.pk, "reason": "call", "password": PASSWORD}
                self.post(f"{address}reveal/", form, wanted=(200, 422))  # beyond the limit of the day it is refused
            self.post("/reception/", {"q": given["phone"]})
            for asked in (given["phone"], given["phone"][-4:]):
                assert self.desk.get("/search/", {"q": asked}).status_code in (200, 302)
            self.post(f"{address}call/", {}, wanted=(200, 422))

    def by_api(self, part: list[Canary]) -> None:
        """Open archives as a till does, and read them."""
        till = add_staff(
            username="till", name="till", role=Role.INTEGRATION, shop=self.shop, password=None, by=SYSTEM, now=now()
        )
        _, secret = issue_token(name="till", acts_as=till, scopes=SCOPES, by=SYSTEM, now=now(), valid_days=1)
        client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {secret}"})
        for canary in part:
            given = canary.contacts
            body = {
                "source_key": f"api:{canary.number}",
                "name": f"程{canary.number}",
                "phones": [given["phone"]],
                "emails": [given["email"]],
                "wechat_ids": [given["wechat"]],
                "addresses": [given["address"]],
            }
            key = {"Idempotency-Key": f"day-{canary.number}"}
            for _ in range(2):
                answer = client.post("/api/v1/customers", json.dumps(body), "application/json", headers=key)
                assert answer.status_code in (200, 201), answer.content.decode()[:900]
            assert client.get(f"/api/v1/customers/search?text={given['phone']}").status_code == 200
            bad = client.post("/api/v1/customers", json.dumps({**body, "phones": ["1"]}), "application/json")
            assert bad.status_code >= 400
        self.done["api"] = len(part)

    def by_import(self, part: list[Canary], path: Path) -> None:
        """Take one file in by the page, try it again and drop the trial, and leave another one for the command."""
        half = len(part) // 2
        self._upload(part[:half], is_taken=True)
        self._upload(part[:half], is_taken=False)
        path.write_text(HEAD + "".join(self._row(canary) for canary in part[half:]), encoding="utf-8")
        self.done["imported"] = half

    def _row(self, canary: Canary) -> str:
        return ",".join([f"档{canary.number}", f"C{canary.number}", *canary.contacts.values()]) + "\n"

    def _upload(self, part: list[Canary], *, is_taken: bool) -> None:
        body = (HEAD + "".join(self._row(canary) for canary in part)).encode()
        file = SimpleUploadedFile("老会员.csv", body)
        address = self.post("/imports/", {"subject": "customers", "shop": self.shop.pk, "file": file})
        key = int(address.split("/")[2])
        self.post(f"/imports/{key}/columns/", {**MAPPED, **OPTIONS, "shop": self.shop.pk})
        run_import_task.func(str(key))
        if not is_taken:
            self.post(f"/imports/{key}/drop/", {})
            return
        taken = int(self.post(f"/imports/{key}/take/", {}).split("/")[2])
        run_import_task.func(str(taken))
        run = ImportRun.objects.get(pk=taken)
        assert (run.state, run.created, run.rejected) == ("done", len(part), 0), (run.state, run.created, run.rejected)

    def leave(self) -> None:
        """Export contacts, merge two archives and part them again, erase one, read and copy what there is."""
        for kind in ("csv", "xlsx"):
            columns = ["name", "phone", "email", "wechat", "address"]
            form = {"purpose": "the day", "columns": columns, "format": kind}
            key = self.post("/exports/new/", form).split("/")[2]
            answer = self.owner.post(f"/exports/{key}/decide/", {"decision": "agree", "reason": "known"})
            assert answer.status_code == 302
            export_task.func(key)
            self.post(f"/exports/{key}/download/", {"password": PASSWORD})
        ours = list(Customer.objects.filter(name__startswith="页").order_by("pk").values_list("pk", flat=True))
        merge = merge_customers(winner=ours[0], loser=ours[1], choices={}, by=SYSTEM, now=now())
        undo_merge(merge=merge, by=SYSTEM, now=now())
        merge_customers(winner=ours[2], loser=ours[3], choices={}, by=SYSTEM, now=now())
        self.post(f"/customers/{ours[0]}/rights/copy/", {"checked": "known"}, wanted=(200, 422))
        for address in ("/customers/", "/permits/", "/reveals/", "/today/", "/", f"/customers/{ours[0]}/"):
            self.desk.get(address)


def live(mark: str, people: int, path: str) -> None:
    """Live the day, leave a file for the command at `path`, and print what was done."""
    day, third = Day(mark, people), people // 3
    day.by_pages(day.canaries[:third])
    day.by_api(day.canaries[third : 2 * third])
    day.by_import(day.canaries[2 * third :], Path(path))
    day.leave()
    print(json.dumps({**day.done, "session": day.desk.cookies["zhenke_staff"].value}))
