"""P19: forty ways around the limits of exports, tried one by one; what is absent or open is said, not counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click import Command, Group
from click.testing import CliRunner
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.cast import NOW, PASSWORD
from tests.catalogue.jewel_box import NUMBER, ring
from tests.doors.matrix_world import World
from tests.promises.bypasses import ABSENT, COUNTED, COVERED, NAMED, OPEN, REFUSED, WAYS, Way
from tests.promises.test_exports import ask, fetched, make, page_of, text_of, with_password
from tests.promises.test_exports import world as world
from tests.promises.test_sight import CONTACTS, SECRET, SIGNS, _let_in
from tests.promises.test_sight import known as known
from zhenke.basics.errors import NotAllowed
from zhenke.basics.watermarks import codes_in, plain, written_in
from zhenke.cli import zhenke
from zhenke.customers.models import ContactPoint, Customer, ListTally, RevealTally
from zhenke.customers.operations.reveals import set_quotas
from zhenke.customers.queries import customer_page
from zhenke.customers.queries.exports import rows_so_far
from zhenke.customers.rules.filters import CustomerFilters
from zhenke.customers.rules.reveals import LISTED_A_DAY
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.exports import folder, recipient_codes
from zhenke.doors.permissions import ROUTES
from zhenke.staff.models import AuditEntry, StaffMember
from zhenke.staff.rules import Role

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.slow]
Try = Callable[[World], None]
TRIED: dict[int, Try] = {}


@pytest.fixture(autouse=True)
def still_clock(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


def way(number: int) -> Callable[[Try], Try]:
    """Say that a function tries this way, and fails unless it is counted, refused, covered or named."""

    def keep(tried: Try) -> Try:
        TRIED[number] = tried
        return tried

    return keep


def crowd(world: World, count: int) -> None:
    """Fill the shop."""
    Customer.objects.bulk_create(
        Customer(name=f"客{n}", shop=world.cast.shop_a, created_at=NOW, updated_at=NOW) for n in range(count)
    )


def state(person: StaffMember, *columns: str, kind: str = "csv") -> str:
    export = ask(person, list(columns or ["name"]), kind)
    return export.state if export else "refused"


def whole(text: str) -> set[str]:
    """Return which contacts stand whole in an answer."""
    return {kind for kind in CONTACTS if SIGNS[kind].search(text)}


def reveal(world: World, client: Client, kind: str = "phone") -> str:
    contact = ContactPoint.objects.filter(customer=world.cast.mrs_zhou, kind=kind).latest("pk")
    given = {"contact": contact.pk, "reason": "call"}
    return client.post(f"/customers/{world.cast.mrs_zhou.pk}/reveal/", given).content.decode()


@way(1)
def pages(world: World) -> None:
    crowd(world, LISTED_A_DAY + 80)
    lin, address, seen = page_of(world.cast.lin), "/customers/", 0
    while address and seen < 40:
        page = lin.get(address).content.decode()
        found = re.search(r"after=[^\"&]+", page.partition('id="pager"')[2] or page[-4_000:])
        address, seen = f"/customers/?{found[0]}" if found else "", seen + 1
    assert seen > LISTED_A_DAY // 40
    assert ListTally.objects.get(member=world.cast.lin).has_alarm
    assert AuditEntry.objects.filter(action="lists.alarm").count() == 1
    assert world.cast.lin.name in page_of(world.cast.hua).get("/").content.decode()


@way(2)
def own_mark(world: World) -> None:
    assert page_of(world.cast.lin).get("/customers/?after=x.y.z").status_code == 422


@way(3)
def large_page(world: World) -> None:
    crowd(world, 120)
    page = page_of(world.cast.lin).get("/customers/?size=1000&limit=1000&page_size=1000").content.decode()
    assert page.count('class="list-row') <= 41


@way(4)
def narrow_filters(world: World) -> None:
    crowd(world, LISTED_A_DAY + 120)
    for number, key in enumerate(Customer.objects.filter(name__startswith="客").values_list("pk", flat=True)):
        Customer.objects.filter(pk=key).update(region=f"区{number // 40}")
    lin = page_of(world.cast.lin)
    addresses = [f"/customers/?region=区{number}" for number in range(28)]
    for address in addresses[:20]:
        for _ in range(3):
            assert lin.get(address).content.decode().count('class="list-row') == 40
    assert not ListTally.objects.get(member=world.cast.lin).has_alarm
    for address in addresses[20:]:
        lin.get(address)
    assert ListTally.objects.get(member=world.cast.lin).has_alarm
    assert AuditEntry.objects.filter(action="lists.alarm").count() == 1
    assert world.cast.lin.name in page_of(world.cast.hua).get("/").content.decode()


@way(5)
def one_letter(world: World) -> None:
    crowd(world, 200)
    lin = page_of(world.cast.lin)
    for text in ("客", "1", "k", "%", "_"):
        page = lin.get(f"/search/?q={text}").content.decode()
        assert len(set(re.findall(r"/customers/(\d+)/", page))) <= 20
        assert whole(page) == set()


@way(6)
def ends_of_phones(world: World) -> None:
    page = page_of(world.cast.lin).post("/reception/", {"q": "5678"}, follow=True).content.decode()
    assert whole(page) == set()


@way(7)
def masked_filter(world: World) -> None:
    crowd(world, 12)
    auditor = page_of(world.members[Role.AUDITOR.value])
    by_name, by_change = (
        re.findall(r"/customers/(\d+)/", auditor.get(f"/customers/?order={order}").content.decode())
        for order in ("name", "updated")
    )
    assert by_name == by_change != []
    marketing = world.members[Role.MARKETING.value]
    assert page_of(marketing).get("/customers/?birthday=30").status_code == 403
    hidden = CustomerFilters(traits=(("custom.health", "怀孕三个月"),))
    with pytest.raises(NotAllowed):
        customer_page(viewer=world.cast.mei, filters=hidden)


@way(8)
def by_an_advisor(world: World) -> None:
    assert state(world.cast.mei) == "refused"


@way(9)
def by_who_exports_nothing(world: World) -> None:
    for role in (Role.MARKETING, Role.SERVICE, Role.AUDITOR):
        assert state(world.members[role.value]) == "refused"


@way(10)
def everybody(world: World) -> None:
    crowd(world, 101)
    assert state(world.cast.lin) == "waiting"


@way(11)
def forty_small_ones(world: World) -> None:
    crowd(world, 10)
    states = [state(world.cast.lin) for _ in range(40)]
    assert states.count("queued") <= 100 // 10
    assert states[-1] == "waiting"


@way(12)
def one_a_day(world: World) -> None:
    crowd(world, 60)
    states = []
    for day in range(29):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            states.append(state(world.cast.lin))
    assert states.count("queued") <= 1_000 // 60
    assert states[-1] == "waiting"


@way(13)
def two_kinds(world: World) -> None:
    crowd(world, 60)
    assert [state(world.cast.lin), state(world.cast.lin, kind="xlsx")] == ["queued", "waiting"]


@way(14)
def fetched_and_taken_back(world: World) -> None:
    crowd(world, 60)
    lin = with_password(world.cast.lin)
    export = ask(lin, ["name"])
    assert export is not None
    make(export, world.cast.zhu)
    fetched(export, lin)
    page_of(lin).post(f"/exports/{export.pk}/withdraw/")
    assert state(lin) == "waiting"


@way(15)
def a_column_of_level_four(world: World) -> None:
    assert state(world.cast.zhu, "name", "address") == "waiting"


@way(16)
def a_column_by_hand(world: World) -> None:
    for column in ("traits_level_4", "notes", "certificate", "pieces", "sealed"):
        assert state(world.cast.lin, "name", column) == "refused"


@way(17)
def ones_own_word(world: World) -> None:
    for person in (world.cast.lin, world.cast.zhu):
        export = ask(person, ["address"])
        assert export is not None
        given = {"decision": "agree", "reason": "it is fine"}
        assert page_of(person).post(f"/exports/{export.pk}/decide/", given).status_code == 403


@way(18)
def a_colleagues_word(world: World) -> None:
    export = ask(world.cast.lin, ["address"])
    assert export is not None
    given = {"decision": "agree", "reason": "it is fine"}
    manager = world.members[Role.SHOP_MANAGER.value]
    assert manager.shop_id == world.cast.lin.shop_id
    assert page_of(manager).post(f"/exports/{export.pk}/decide/", given).status_code == 403


def ready(world: World) -> str:
    """Return the address of a file of Lin's that lies ready."""
    export = ask(with_password(world.cast.lin), ["name"])
    assert export is not None
    make(export, world.cast.zhu)
    return f"/exports/{export.pk}/download/"


@way(19)
def somebody_elses_file(world: World) -> None:
    address = ready(world)
    for person, wanted in (("zhu", 403), ("hua", 403), ("mei", 403), ("other", 404)):
        client = page_of(with_password(getattr(world.cast, person)))
        assert client.post(address, {"password": PASSWORD}).status_code == wanted


@way(20)
def a_desk_left_open(world: World) -> None:
    address, lin = ready(world), page_of(world.cast.lin)
    assert [lin.post(address, given).status_code for given in ({}, {"password": "guess"})] == [422, 422]
    contact = ContactPoint.objects.filter(customer=world.cast.mrs_zhou, kind="address").latest("pk")
    given = {"contact": contact.pk, "reason": "deliver"}
    assert whole(lin.post(f"/customers/{world.cast.mrs_zhou.pk}/reveal/", given).content.decode()) == set()


@way(21)
def again_and_again(world: World) -> None:
    address, lin = ready(world), page_of(world.cast.lin)
    for _ in range(3):
        assert lin.post(address, {"password": PASSWORD}).status_code == 200
    assert AuditEntry.objects.filter(action="export.downloaded").count() == 3


@way(22)
def after_its_day(world: World) -> None:
    address = ready(world)
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert page_of(world.cast.lin).post(address, {"password": PASSWORD}).status_code == 409


@way(23)
def from_the_disk(world: World) -> None:
    ready(world)
    assert [path for path in folder().iterdir() if "司马".encode() in path.read_bytes()] == []


@way(24)
def a_part_of_it(world: World) -> None:
    crowd(world, 20)
    export = ask(with_password(world.cast.lin), ["name", "shop"])
    assert export is not None
    make(export, world.cast.zhu)
    rows = [line for line in text_of(fetched(export, world.cast.lin), "csv").splitlines() if "客" in line]
    assert len(rows) == 20
    assert all(set(codes_in(row)) == {export.watermark} for row in rows)


@way(25)
def signs_filtered_out(world: World) -> None:
    crowd(world, 20)
    for kind in ("csv", "xlsx"):
        export = ask(with_password(world.cast.lin), ["name", "shop"], kind)
        assert export is not None
        make(export, world.cast.zhu)
        path = Path(django_settings.HOME) / f"found.{kind}"
        path.write_text(plain(text_of(fetched(export, world.cast.lin), kind)))
        assert recipient_codes(path).keys() == {export.watermark}
        told = CliRunner().invoke(zhenke, ["export", "who", str(path)])
        assert told.output.startswith(f"{world.cast.lin.name} ({world.cast.lin.username}), export {export.watermark}")
        if kind == "csv":
            rows = [line for line in path.read_text().splitlines() if "客" in line]
            assert len(rows) == 20
            assert all(written_in(row).keys() == {export.watermark} for row in rows)
            path.write_text("\n".join(row.rpartition(",")[0] for row in rows))  # the column cut off as well
            assert recipient_codes(path) == {}, "what is open of this way is said in bypasses.py"


@way(26)
def contacts_one_by_one(world: World) -> None:
    set_quotas(quotas={("advisor", 1): 3}, by=world.cast.zhu, now=NOW)
    mei = page_of(world.cast.mei)
    assert [bool(whole(reveal(world, mei))) for _ in range(5)] == [True] * 3 + [False] * 2


@way(27)
def calls(world: World) -> None:
    set_quotas(quotas={("advisor", 1): 3}, by=world.cast.zhu, now=NOW)
    mei, address = page_of(world.cast.mei), f"/customers/{world.cast.mrs_zhou.pk}/call/"
    assert [mei.post(address).status_code for _ in range(5)] == [200] * 3 + [422] * 2


@way(28)
def pieces_one_by_one(world: World) -> None:
    set_quotas(quotas={("shop_manager", 1): 3}, by=world.cast.zhu, now=NOW)
    piece, lin = ring(world.cast), page_of(with_password(world.cast.lin))
    given = {"reason": "service", "password": PASSWORD}
    pages = [lin.post(f"/pieces/{piece.pk}/reveal/", given).content.decode() for _ in range(5)]
    assert [NUMBER in page for page in pages] == [True] * 3 + [False] * 2


@way(29)
def of_several_degrees(world: World) -> None:
    mei = page_of(world.cast.mei)
    for importance in (1, 2, 3):
        set_quotas(quotas={("advisor", importance): 1}, by=world.cast.zhu, now=NOW)
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=importance)
        assert [bool(whole(reveal(world, mei))) for _ in range(2)] == [True, False]
    assert sum(RevealTally.objects.values_list("shown", flat=True)) == 3
    assert RevealTally.objects.filter(has_alarm=True).count() == 3


@way(30)
def printed(world: World) -> None:
    lin = page_of(world.cast.lin)
    for address in ("/customers/", f"/customers/{world.cast.mrs_zhou.pk}/", "/", "/reveals/"):
        page = lin.get(address).content.decode()
        assert page.count(f"<p>{world.cast.lin.name} · {world.cast.lin.username} · 2026-11-22 11:00</p>") == 6


@way(31)
def a_photo_of_the_screen(world: World) -> None:
    marked = f">{world.cast.mei.name} · {world.cast.mei.username} · 2026-11-22 11:00 &nbsp; "
    mei = page_of(world.cast.mei)
    called = mei.post(f"/customers/{world.cast.mrs_zhou.pk}/call/").content.decode()
    for page in (reveal(world, mei), called):
        assert whole(page) == {"phone"}
        assert marked in page.partition('class="whole is-value"')[2].partition("</div></div>")[0]
    assert "whole-mark" not in mei.get(f"/customers/{world.cast.mrs_zhou.pk}/").content.decode()
    piece, lin = ring(world.cast), page_of(with_password(world.cast.lin))
    given = {"reason": "service", "password": PASSWORD}
    page = lin.post(f"/pieces/{piece.pk}/reveal/", given).content.decode()
    assert NUMBER in page
    cards = [part.partition("</section>")[0] for part in re.split('<section class="card[^"]* whole"', page)[1:]]
    marked = f">{world.cast.lin.name} · {world.cast.lin.username} · 2026-11-22 11:00 &nbsp; "
    assert len(cards) >= 2  # the facts, and what there is of stones, certificates and valuations
    assert any(NUMBER in card for card in cards)
    assert all(marked in card for card in cards)
    assert "whole-mark" not in lin.get(f"/pieces/{piece.pk}/").content.decode()


@way(32)
def a_program(world: World) -> None:
    account = world.members[Role.INTEGRATION.value]
    _let_in(account)
    client, headers = Client(), {"Authorization": f"Bearer {SECRET}"}
    assert client.get("/api/v1/customers?size=1000", headers=headers).status_code == 422
    for address in ("/api/v1/customers?size=100", f"/api/v1/customers/{world.cast.mrs_zhou.pk}"):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        assert whole(answer.content.decode()) == set()
    assert [name for name in ROUTES if name.startswith("api-1:") and re.search("reveal|export", name)] == []


@way(33)
def a_session_at_the_api(world: World) -> None:
    assert page_of(world.cast.zhu).get("/api/v1/customers").status_code == 401


@way(34)
def figures_of_one(world: World) -> None:
    marketing = page_of(world.members[Role.MARKETING.value])
    for address in ("/board/", "/customers/groups/", "/customers/"):
        assert not SIGNS["purchases"].search(marketing.get(address).content.decode())


@way(35)
def copies_of_very_many(world: World) -> None:
    crowd(world, 12)
    lin, given = page_of(world.cast.lin), {"checked": "id_card", "shape": "file"}
    keys = list(Customer.objects.filter(name__startswith="客").values_list("pk", flat=True))
    answers = [lin.post(f"/customers/{key}/rights/copy/", given).status_code for key in keys]
    assert answers == [200] * EXPORT_LIMITS.copies_a_day + [422] * (12 - EXPORT_LIMITS.copies_a_day)
    assert rows_so_far(by=world.cast.lin, now=NOW + timedelta(hours=1)) == (EXPORT_LIMITS.copies_a_day,) * 2
    for day in range(1, 30):
        with time_machine.travel(NOW + timedelta(days=day, seconds=day), tick=False):
            lin = page_of(world.cast.lin)
            answers += [lin.post(f"/customers/{key}/rights/copy/", given).status_code for key in keys[:6]]
    assert answers.count(200) == EXPORT_LIMITS.copies_a_month
    assert AuditEntry.objects.filter(action="customer.copied").count() == EXPORT_LIMITS.copies_a_month
    assert AuditEntry.objects.filter(action="copies.alarm").count() == 4
    assert world.cast.lin.name in page_of(world.cast.hua).get("/").content.decode()
    assert page_of(world.cast.hua).post(f"/customers/{keys[0]}/rights/copy/", given).status_code == 200


@way(36)
def somebody_elses_rejects(world: World) -> None:
    key = world.key("import", "sister_shop", "")
    for person in (world.cast.lin, world.cast.mei, world.cast.other):
        answer = page_of(person).get(reverse("import_reject_file", args=[key]))
        assert answer.status_code in (403, 404)


def names_of(command: Command, above: str = "") -> list[str]:
    """Return every command by its whole name."""
    own = f"{above} {command.name}".strip()
    return [own, *(name for one in getattr(command, "commands", {}).values() for name in names_of(one, own))]


class TestBypasses:
    @pytest.mark.parametrize("number", sorted(TRIED))
    def test_is_counted_refused_covered_or_named(self, world: World, number: int) -> None:
        TRIED[number](world)

    def test_the_list_says_of_all_forty_how_they_stand(self) -> None:
        assert [one.number for one in WAYS] == list(range(1, 41))
        assert {one.number for one in WAYS if one.kind in (COUNTED, REFUSED, COVERED, NAMED)} == set(TRIED)
        assert all(one.says for one in WAYS if one.kind == OPEN)
        kinds = Counter(one.kind for one in WAYS)
        print(dict(kinds))
        assert (len(TRIED), kinds[ABSENT], kinds[OPEN]) == (36, 4, 0)

    @pytest.mark.parametrize("absent", [one for one in WAYS if one.kind == ABSENT], ids=lambda one: one.what)
    def test_what_is_absent_is(self, absent: Way) -> None:
        assert isinstance(zhenke, Group)
        known = [*ROUTES, *names_of(zhenke)]
        assert len(known) > 100
        assert [name for name in known if re.search(absent.sign, name)] == [], "this way is there now: try it"
