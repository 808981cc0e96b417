"""What sources say otherwise: kept once, shown as the role may see it, chosen with one tap, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Claim, Customer, CustomerDate, Trait
from zhenke.customers.operations import add_customer, add_date, change_customer, recognise, set_trait, set_traits
from zhenke.customers.operations.choosing import ChoiceOver, choose_value, undo_choice
from zhenke.customers.operations.loading import LoadRow, load_customers
from zhenke.customers.queries import CustomerUnknown
from zhenke.customers.queries.claims import (
    ClaimUnknown,
    claim_for,
    claims_told,
    conflict_count,
    conflicts_of,
    disputed_fields,
    open_conflicts,
    opened_claim,
)
from zhenke.customers.queries.sealed_traits import trait_text
from zhenke.customers.rules.claims import Mark, day_from, day_text, is_overruled, mark_of, noted
from zhenke.customers.rules.drafts import BuyerSlip, CustomerDraft
from zhenke.customers.rules.intake import Written
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

LATER = NOW + timedelta(days=3)
BIRTHDAY = DayOfYear(5, 3, year=1990)


def kept(customer: Customer) -> set[tuple[str, str, str, str]]:
    rows = Claim.objects.filter(customer=customer)
    return {(row.field, opened_claim(row), row.source, row.decision) for row in rows}


def file_says(cast: Cast, written: Written | None = None, card: str = "ZK000001", **said: object) -> str:
    row = replace(LoadRow(1, cast.shop_a.pk, None, {}, card), **said)  # type: ignore[arg-type]
    loaded = load_customers(rows=[row], by=cast.lin, now=LATER, written=written or Written())
    return str(loaded.outcomes[1])


@pytest.fixture
def zhou(cast: Cast) -> Customer:
    change_customer(customer=cast.mrs_zhou, changes={"region": "深圳"}, by=cast.mei, now=NOW)
    add_date(customer=cast.mrs_zhou, kind="birthday", day=BIRTHDAY, by=cast.mei, now=NOW, source="desk")
    set_trait(customer=cast.mrs_zhou, key="ring_size", text="12", by=cast.mei, now=NOW, source="desk")
    return Customer.objects.get(pk=cast.mrs_zhou.pk)


class TestRules:
    def test_a_day_reads_as_it_was_written(self) -> None:
        for day in (BIRTHDAY, DayOfYear(12, 0, "lunar"), DayOfYear(8, 15, "lunar", year=1990)):
            assert day_from(day_text(day)) == day

    def test_nobody_contradicts_herself_and_no_file_the_file_before(self) -> None:
        mine, files = Mark(NOW.date(), 7, "desk"), Mark(NOW.date(), None, "import")
        assert not is_overruled(mine, by=7, source="api")
        assert is_overruled(mine, by=8, source="desk")
        assert is_overruled(mine, by=None, source="import")
        assert not is_overruled(files, by=None, source="import")

    def test_notes_read_back_as_both_databases_keep_them(self) -> None:
        assert (
            noted({"region": ["2026-11-22", "7", ""], "name": []}) == '{"name": [], "region": ["2026-11-22", "7", ""]}'
        )
        assert mark_of({"region": ["2026-11-22", "7", ""]}, "region") == Mark(NOW.date(), 7, "desk")
        assert mark_of({}, "region") is None


class TestImport:
    def test_wins_and_keeps_what_somebody_confirmed(self, cast: Cast, zhou: Customer) -> None:
        assert (
            file_says(cast, fields={"region": "香港"}, dates=(("birthday", DayOfYear(5, 4, year=1990)),)) == "updated"
        )
        zhou.refresh_from_db()
        assert (zhou.region, zhou.confirmed["region"][2]) == ("香港", "import")
        assert CustomerDate.objects.get(customer=zhou, kind="birthday").source == "import"
        assert kept(zhou) == {("region", "深圳", "desk", ""), ("date:birthday", day_text(BIRTHDAY), "desk", "")}
        file_says(cast, fields={"region": "香港"})
        assert Claim.objects.count() == 2

    def test_keeps_no_claim_of_what_nobody_confirmed(self, cast: Cast) -> None:
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(region="深圳", confirmed={})
        file_says(cast, fields={"region": "香港"})
        assert not Claim.objects.exists()

    def test_keeps_a_size_that_it_says_in_vain(self, cast: Cast, zhou: Customer) -> None:
        for _ in range(2):
            assert file_says(cast, traits=(("ring_size", "14"),)) == "unchanged"
        assert kept(zhou) == {("trait:ring_size", "14", "import", "")}

    def test_does_not_win_again_with_what_somebody_decided_against(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"}, dates=(("birthday", DayOfYear(5, 4, year=1990)),))
        for one in conflicts_of(viewer=cast.mei, customer=Customer.objects.get(pk=zhou.pk)):
            choose_value(customer=zhou, claim=one.others[0].claim or 0, takes=True, by=cast.mei, now=LATER)
        said = {"fields": {"region": "香港"}, "dates": (("birthday", DayOfYear(5, 4, year=1990)),)}
        assert file_says(cast, **said) == "unchanged"
        zhou.refresh_from_db()
        assert (zhou.region, conflict_count(viewer=cast.mei)) == ("深圳", 0)

    def test_lets_a_chosen_value_wait_again_when_it_says_a_third(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        [one] = conflicts_of(viewer=cast.mei, customer=Customer.objects.get(pk=zhou.pk))
        choose_value(customer=zhou, claim=one.others[0].claim or 0, takes=True, by=cast.mei, now=LATER)
        file_says(cast, fields={"region": "广州"})
        assert ("region", "深圳", "asked", "") in kept(zhou)

    def test_writes_nothing_when_it_is_tried_out(self, cast: Cast, zhou: Customer) -> None:
        row = LoadRow(1, cast.shop_a.pk, None, {"region": "香港"}, "ZK000001")
        load_customers(rows=[row], by=cast.lin, now=LATER, written=Written(), writes=False)
        assert not Claim.objects.exists()


class TestTill:
    def test_keeps_what_a_slip_says_otherwise_once(self, cast: Cast, zhou: Customer) -> None:
        draft = CustomerDraft(name="周丽", birthday=DayOfYear(5, 4, year=1990), region="深圳", gender="f")
        slip = BuyerSlip(card_number="ZK000001", draft=draft)
        for _ in range(2):
            assert recognise(buyer=slip, shop=cast.shop_a, by=cast.lin, now=LATER) == zhou
        assert {(field, source) for field, _, source, _ in kept(zhou)} == {("name", "desk"), ("date:birthday", "desk")}
        assert Customer.objects.get(pk=zhou.pk).name == "周丽华"

    def test_keeps_what_a_program_says_again_of_a_known_key(self, cast: Cast) -> None:
        draft = CustomerDraft(name="李静", source_key="pos:1", shop=cast.shop_a)
        first = add_customer(draft=draft, by=SYSTEM, now=NOW)
        for _ in range(2):
            assert add_customer(draft=replace(draft, name="李婧"), by=cast.lin, now=LATER) == first
        assert kept(first) == {("name", "李婧", "desk", "")}


class TestProfile:
    def test_keeps_what_a_colleague_had_confirmed_and_not_ones_own(self, cast: Cast, zhou: Customer) -> None:
        change_customer(customer=zhou, changes={"region": "香港"}, by=cast.mei, now=LATER)
        assert not Claim.objects.exists()
        change_customer(customer=zhou, changes={"region": "广州"}, by=cast.lin, now=LATER)
        set_traits(customer=zhou, values={"ring_size": ["14"]}, by=cast.lin, now=LATER)
        assert kept(zhou) == {("region", "香港", "desk", ""), ("trait:ring_size", "12", "desk", "")}

    def test_who_writes_what_a_claim_says_has_chosen(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"}, traits=(("ring_size", "14"),))
        change_customer(customer=zhou, changes={"region": "深圳"}, by=cast.lin, now=LATER)
        set_trait(customer=zhou, key="ring_size", text="14", by=cast.lin, now=LATER)
        assert conflict_count(viewer=cast.lin) == 0
        assert ("trait:ring_size", "12", "desk", "refused") in kept(zhou)


class TestConflictsOf:
    def test_sets_what_stands_beside_what_others_say(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        [one] = conflicts_of(viewer=cast.mei, customer=Customer.objects.get(pk=zhou.pk))
        assert (one.field, one.stands.text, one.stands.source) == ("region", "香港", "import")
        [other] = one.others
        assert (other.text, other.source, other.by_name, other.on_date) == ("深圳", "desk", "梅雪", NOW.date())
        assert disputed_fields(viewer=cast.mei, customer=zhou) == ["region"]

    def test_a_stranger_sees_nothing(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        key = Claim.objects.get().pk
        for who in (cast.qiao, cast.tao, cast.other):
            assert conflicts_of(viewer=who, customer=zhou) == []
            assert disputed_fields(viewer=who, customer=zhou) == []
            assert open_conflicts(viewer=who).rows == []
            assert conflict_count(viewer=who) == 0
            with pytest.raises(ClaimUnknown):
                claim_for(viewer=who, customer=zhou, id=key)
            with pytest.raises(CustomerUnknown if who.role != "owner" else (CustomerUnknown, NotAllowed)):
                choose_value(customer=zhou, claim=key, takes=True, by=who, now=LATER)

    def test_masks_as_the_role_sees_and_leaves_out_what_it_does_not(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"name": "周丽", "caution": "镍过敏"}, dates=(("birthday", DayOfYear(5, 3, year=1991)),))
        change_customer(customer=zhou, changes={"name": "周莉"}, by=cast.mei, now=LATER)
        change_customer(customer=zhou, changes={"name": "周利"}, by=cast.lin, now=LATER)
        seen = {one.field: one for one in conflicts_of(viewer=cast.lin, customer=zhou)}
        assert seen["date:birthday"].others[0].text == "solar.5.3.0."  # a manager sees no year
        whole = {one.field: one for one in conflicts_of(viewer=cast.zhu, customer=zhou)}
        assert whole["date:birthday"].others[0].text == "solar.5.3.0.1990"
        masked = {one.field: one for one in conflicts_of(viewer=cast.ji, customer=zhou)}
        assert "date:birthday" not in masked and "丽" not in masked["name"].others[0].text
        assert "date:birthday" not in {one.field for one in conflicts_of(viewer=cast.an, customer=zhou)}

    def test_of_what_is_level_4_only_who_is_shown_it(self, cast: Cast, zhou: Customer) -> None:
        set_trait(customer=zhou, key="faith", text="佛教", by=cast.zhu, now=NOW)
        set_trait(customer=zhou, key="faith", text="道教", by=cast.lin, now=LATER)
        assert disputed_fields(viewer=cast.lin, customer=zhou) == ["trait:faith"]
        [told] = conflicts_of(viewer=cast.lin, customer=zhou)
        assert (told.stands.text, [one.text for one in told.others]) == ("***", ["***"])
        choose_value(customer=zhou, claim=told.others[0].claim or 0, takes=True, by=cast.lin, now=LATER)
        [row] = Trait.objects.filter(customer=zhou, key="faith")
        assert trait_text(row) == "佛教" and "佛教" not in row.text + row.sealed
        assert undo_choice(customer=zhou, claim=told.others[0].claim or 0, by=cast.lin, now=LATER)
        assert [trait_text(row) for row in Trait.objects.filter(customer=zhou, key="faith")] == ["道教"]
        assert disputed_fields(viewer=cast.mei, customer=zhou) == []

    def test_nobody_meets_a_protected_person(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        Customer.objects.filter(pk=zhou.pk).update(importance=3)
        for who in (cast.lin, cast.hua, cast.an, cast.ji):
            assert (open_conflicts(viewer=who).rows, conflict_count(viewer=who)) == ([], 0)
            assert conflicts_of(viewer=who, customer=zhou) == []
        assert conflict_count(viewer=cast.mei) == conflict_count(viewer=cast.zhu) == 1


class TestOpenConflicts:
    def test_goes_on_by_key(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"}, traits=(("ring_size", "14"),))
        change_customer(customer=cast.mr_zhou, changes={"region": "深圳"}, by=cast.mei, now=NOW)
        file_says(cast, card="ZK000002", fields={"region": "香港"})
        first = open_conflicts(viewer=cast.lin, size=2)
        rest = open_conflicts(viewer=cast.lin, after=first.after, size=2)
        told = [(customer.pk, field) for page in (first, rest) for customer, fields in page.rows for field in fields]
        assert len(told) == len(set(told)) == 3 and rest.after == 0


class TestChooseValue:
    @pytest.mark.parametrize("takes", [True, False])
    def test_decides_confirms_and_can_be_taken_back(self, cast: Cast, zhou: Customer, takes: bool) -> None:
        file_says(
            cast,
            fields={"region": "香港"},
            dates=(("birthday", DayOfYear(5, 4, year=1990)),),
            traits=(("ring_size", "14"),),
        )
        zhou.refresh_from_db()
        before = (zhou.confirmed, kept(zhou), conflicts_of(viewer=cast.zhu, customer=zhou))
        traits = list(Trait.objects.filter(customer=zhou).values_list("text", "source", "confirmed_by"))
        chosen = {}
        for one in before[2]:
            made = choose_value(customer=zhou, claim=one.others[0].claim or 0, takes=takes, by=cast.mei, now=LATER)
            again = choose_value(customer=zhou, claim=one.others[0].claim or 0, takes=takes, by=cast.mei, now=LATER)
            assert (made.is_new, again.is_new) == (True, False)
            chosen[one.field] = made.claim
        zhou.refresh_from_db()
        assert zhou.region == ("深圳" if takes else "香港")
        assert Trait.objects.get(customer=zhou, key="ring_size").text == ("14" if takes else "12")
        assert CustomerDate.objects.get(customer=zhou, kind="birthday").day == (3 if takes else 4)
        assert zhou.confirmed["region"][2] == zhou.confirmed["birthday"][2] == "asked"
        assert conflict_count(viewer=cast.zhu) == 0
        facts = [entry.facts for entry in AuditEntry.objects.filter(action="claim_decided")]
        assert len(facts) == 3 and "香港" not in str(facts)
        for claim in chosen.values():
            assert undo_choice(customer=zhou, claim=claim, by=cast.mei, now=LATER)
            assert not undo_choice(customer=zhou, claim=claim, by=cast.mei, now=LATER)
        zhou.refresh_from_db()
        assert (zhou.confirmed, kept(zhou), conflicts_of(viewer=cast.zhu, customer=zhou)) == before
        assert list(Trait.objects.filter(customer=zhou).values_list("text", "source", "confirmed_by")) == traits

    def test_renames_with_the_words_she_is_found_by(self, cast: Cast, zhou: Customer) -> None:
        change_customer(customer=zhou, changes={"name": "周莉"}, by=cast.mei, now=NOW)
        change_customer(customer=zhou, changes={"name": "周梨花"}, by=cast.lin, now=LATER)
        made = choose_value(customer=zhou, claim=Claim.objects.get().pk, takes=True, by=cast.mei, now=LATER)
        zhou.refresh_from_db()
        assert (zhou.name, zhou.pinyin) == ("周莉", "zhouli")
        undo_choice(customer=zhou, claim=made.claim, by=cast.mei, now=LATER)
        zhou.refresh_from_db()
        assert zhou.name == "周梨花"

    def test_is_not_taken_back_over_a_later_change(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        made = choose_value(customer=zhou, claim=Claim.objects.get().pk, takes=True, by=cast.mei, now=LATER)
        change_customer(customer=zhou, changes={"region": "广州"}, by=cast.mei, now=LATER)
        with pytest.raises(ChoiceOver):
            undo_choice(customer=zhou, claim=made.claim, by=cast.mei, now=LATER)

    def test_is_not_for_who_may_not_write(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        for who in (cast.an, cast.ji):
            with pytest.raises(NotAllowed):
                choose_value(customer=zhou, claim=Claim.objects.get().pk, takes=True, by=who, now=LATER)


class TestClaimsTold:
    def test_are_in_her_copy_of_everything(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"}, dates=(("birthday", DayOfYear(5, 4, year=1990)),))
        told = {(row["field"], row["text"]) for row in claims_told(customer=zhou)}
        assert told == {("region", "深圳"), ("date:birthday", "solar-1990-5-3")}

    def test_nothing_stands_in_the_clear(self, cast: Cast, zhou: Customer) -> None:
        file_says(cast, fields={"region": "香港"})
        row = Claim.objects.values().get()
        assert "深圳" not in str(row) and row["sealed"].startswith("v1|")
