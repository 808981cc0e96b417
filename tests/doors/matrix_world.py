"""The world of the permission matrix: ten callers, six relations, and one row of every kind in each relation.

A new kind of key in an address needs one line in `MAKERS` and one in `SEEN_AS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import Model
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from tests.cast import NOW, Cast
from zhenke.basics.ids import new_id
from zhenke.care.models import CarePlan, Task
from zhenke.catalogue.models import Inspection, Piece, PiecePhoto, PieceShare, Style
from zhenke.catalogue.queries.whole import photo_file, photo_folder
from zhenke.customers.models import (
    Claim,
    Customer,
    CustomerDate,
    CustomerLink,
    CustomerTag,
    CustomField,
    DuplicatePair,
    Export,
    ImportReject,
    ImportRun,
    Interaction,
    LegalHold,
    LookPermit,
    Mention,
    NotePhoto,
    SavedView,
    Tag,
    Trait,
)
from zhenke.customers.operations.claims import note_claims
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.customers.queries.notes import note_photo_file, note_photo_folder
from zhenke.customers.rules.claims import Said
from zhenke.doors.defaults.freshness import FRESHNESS_RULES
from zhenke.doors.defaults.message_templates import MESSAGE_TEMPLATES
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.grading.models import Grade, Scheme
from zhenke.grading.operations import ensure_first_scheme
from zhenke.journeys.merge_customers import merge_customers
from zhenke.membership.models import PointsProposal, RewardOffer, RightUse
from zhenke.membership.operations import earn
from zhenke.membership.operations.accounts import open_programme
from zhenke.membership.operations.redeeming import reserve_reward
from zhenke.membership.operations.rewards import save_reward
from zhenke.membership.operations.rules import load_first_rules
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.rules import Cause
from zhenke.membership.rules.rewards import RewardDraft
from zhenke.messaging.models import Message, TemplateVersion
from zhenke.messaging.operations.templates import load_templates
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM
from zhenke.staff.models import ApiToken, Shop, StaffMember
from zhenke.staff.rules import ROLE_SCOPE, Role, Scope

ANONYMOUS, LEAVER = "anonymous", "leaver"
CALLERS = (*(role.value for role in Role), ANONYMOUS, LEAVER)
RELATIONS = ("own", "colleague", "same_shop", "sister_shop", "other_brand", "none")
TODAY = date(2026, 11, 22)

_SEEN = {
    Scope.OWN: {"own"},
    Scope.SHOP: {"own", "colleague", "same_shop"},
    Scope.REGION: {"own", "colleague", "same_shop", "sister_shop"},
    Scope.BRAND: {"own", "colleague", "same_shop", "sister_shop"},
}
# How a kind is seen: "scope" as customers are, "shop" as the people and shops around one, "self" only one's own,
# "house" by everybody whose role opens the route.
SEEN_AS = {
    "customer": "scope",
    "task": "scope",
    "sale": "scope",
    "interaction": "scope",
    "note_photo": "scope",
    "pair": "scope",
    "merge": "scope",
    "trait": "scope",
    "claim": "scope",
    "date": "scope",
    "tag": "scope",
    "link": "scope",
    "piece": "scope",
    "photo": "scope",
    "inspection": "scope",
    "share": "scope",
    "right_use": "scope",
    "redemption": "scope",
    "proposal": "scope",
    "reward": "house",
    "offer": "house",
    "hold": "scope",
    "export": "shop",
    "permit": "shop",
    "import": "shop",
    "run": "shop",
    "staff": "shop",
    "member": "shop",
    "shop": "shop",
    "token": "shop",
    "device": "self",
    "view": "self",
    "mention": "self",
    "scheme": "house",
    "plan": "house",
    "style": "house",
    "field": "house",
    "message": "scope",
    "template": "house",
}


def is_visible(kind: str, relation: str, role: str) -> bool:
    """Return whether somebody of this role may know of the object."""
    if relation == "none":
        return False
    seen_as = SEEN_AS[kind]
    if seen_as == "house":
        return True
    if seen_as == "self":
        return relation == "own"
    if kind in ("import", "run") and role == Role.MARKETING:
        return relation == "own"  # a run shows whole rows of the file, and marketing is shown no contact
    scope = ROLE_SCOPE[Role(role)]
    if seen_as == "shop" and scope == Scope.OWN:
        scope = Scope.SHOP
    return relation in _SEEN[scope]


@dataclass
class World:
    """Everybody and everything, made on first need."""

    cast: Cast
    members: dict[str, StaffMember] = field(default_factory=dict)
    kept: dict[tuple[str, str, str], int] = field(default_factory=dict)
    absent: int = field(default_factory=new_id)

    def member(self, caller: str) -> StaffMember:
        """Return the person behind a caller; a stranger's "own" things are Mei's."""
        return self.members.get(caller, self.cast.mei)

    def place(self, relation: str, caller: str) -> tuple[Shop, StaffMember | None]:
        """Return the shop of a relation and whose things are meant."""
        cast = self.cast
        return {
            "own": (cast.shop_a, self.member(caller)),
            "colleague": (cast.shop_a, cast.tao),
            "same_shop": (cast.shop_a, None),
            "sister_shop": (cast.shop_b, cast.qiao),
            "other_brand": (cast.other_brand, cast.other),
        }[relation]

    def key(self, kind: str, relation: str, caller: str) -> int:
        """Return the key of the object of this kind in this relation to the caller."""
        if relation == "none":
            return self.absent
        slot = (kind, relation, caller if relation == "own" else "")
        if slot not in self.kept:
            shop, owner = self.place(relation, caller)
            self.kept[slot] = MAKERS[kind](self, relation, caller, shop, owner).pk
        return self.kept[slot]


Maker = Callable[[World, str, str, Shop, StaffMember | None], Model]


def gather_world(cast: Cast) -> World:
    """Return the world with its eight roles and the one who left, whose session is still there."""
    world = World(cast)
    homes = {Scope.OWN: cast.shop_a, Scope.SHOP: cast.shop_a, Scope.REGION: cast.region, Scope.BRAND: cast.brand}
    for role in Role:
        home = homes[ROLE_SCOPE[role]]
        world.members[role.value] = StaffMember.objects.create(
            username=f"m-{role.value}", name=role.value, role=role.value, shop=home, created_at=NOW, language="en"
        )
    ensure_first_scheme(now=NOW)
    load_first_rules(rules=PROGRAMME_RULES, now=NOW)
    load_default_freshness(fields=FRESHNESS_RULES, a_day=2, again_days=90, by=SYSTEM, now=NOW)
    world.members[LEAVER] = StaffMember.objects.create(
        username="m-leaver", name="leaver", role=Role.SHOP_MANAGER.value, shop=cast.shop_a, created_at=NOW
    )
    return world


def _customer(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    number = f"M{new_id()}"
    customer = Customer.objects.create(
        name="客人", shop=shop, owner=owner, card_number=number, created_at=NOW, updated_at=NOW
    )
    Grade.objects.create(customer=customer, letter="C", scheme=_current_scheme(), as_of_date=TODAY)
    return customer


def _right_use(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    customer = world.key("customer", relation, caller)
    review_members(customer_ids=[customer], on=TODAY, reason="night", now=NOW)
    return RightUse.objects.create(
        customer_id=customer, right="cleaning", tier="member", shop=shop, at=NOW, on_date=TODAY, cause=f"m-{new_id()}"
    )


def _reward(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    draft = RewardDraft("goods", "m", "m", 10, 100, date(2026, 1, 1))
    return save_reward(draft=draft, key=f"m-{new_id()}", by=SYSTEM, now=NOW).reward


def _offer(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    days = {"first_date": TODAY, "last_date": date(2027, 12, 31)}
    return RewardOffer.objects.create(reward_id=world.key("reward", relation, caller), points=5, made_at=NOW, **days)


def _redemption(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    customer = Customer.objects.get(pk=world.key("customer", relation, caller))
    review_members(customer_ids=[customer.pk], on=TODAY, reason="night", now=NOW)
    cause = Cause("by_hand", f"m-{new_id()}")
    earn(customer=customer, points=50, cause=cause, on_date=TODAY, pending_days=0, months=24, by=SYSTEM, now=NOW)
    reward = _reward(world, relation, caller, shop, owner).pk
    return reserve_reward(
        customer=customer, reward=reward, cause=f"m-{new_id()}", shop=shop, by=SYSTEM, now=NOW
    ).redemption


def _proposal(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return PointsProposal.objects.create(
        programme=open_programme(now=NOW),
        customer_id=world.key("customer", relation, caller),
        cause_id=f"m-{new_id()}",
        points=900,
        months=24,
        reason="goodwill",
        asked_at=NOW,
    )


def _task(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return Task.objects.create(
        occurrence_key=f"m-{new_id()}",
        customer_id=world.key("customer", relation, caller),
        assignee=owner,
        shop=shop,
        step="by_hand",
        due_date=TODAY,
        last_date=TODAY,
        created_at=NOW,
    )


def _sale(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return Sale.objects.create(
        source_key=f"m-{new_id()}",
        customer_id=world.key("customer", relation, caller),
        shop=shop,
        advisor=owner,
        sold_at=NOW,
        sold_date=TODAY,
        amount_minor=100,
        created_at=NOW,
    )


def _pair(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    key, other = world.key("customer", relation, caller), _customer(world, relation, caller, shop, owner).pk
    return DuplicatePair.objects.create(
        first_id=min(key, other), second_id=max(key, other), probability_permille=990, found_at=NOW
    )


def _merge(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    winner = _customer(world, relation, caller, shop, owner).pk
    loser = _customer(world, relation, caller, shop, owner).pk
    return merge_customers(winner=winner, loser=loser, choices={}, by=SYSTEM, now=NOW)


def _of_customer(model: type[Model], **values: object) -> Maker:
    def make(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
        row = model(customer_id=world.key("customer", relation, caller), **values)
        row.save()
        return row

    return make


def _tag(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    tag = Tag.objects.create(name=f"m-{new_id()}")
    CustomerTag.objects.create(customer_id=world.key("customer", relation, caller), tag=tag)
    return tag


def _link(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    other = _customer(world, relation, caller, shop, owner)
    first, second = sorted((world.key("customer", relation, caller), other.pk))
    return CustomerLink.objects.create(first_id=first, second_id=second, kind="friend", made_at=NOW)


def _import(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    run = ImportRun.objects.create(
        subject="customers", file_name="m.csv", file_hash="0" * 64, shop=shop, by=owner, started_at=NOW
    )
    ImportReject.objects.create(run=run, row=2, column="phone", code="phone_empty", cells=["m"])
    return run


def _export(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    asked_by = owner or world.cast.lin
    return Export.objects.create(
        asked_by=asked_by, shop=shop, asked_at=NOW, purpose="m", rows=1, state="ready", watermark=f"{new_id() % 10**10}"
    )


def _claim(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    customer_id, said = world.key("customer", relation, caller), Said("region", "m", "import", NOW.date(), None)
    note_claims(customer_id=customer_id, said=[said], now=NOW)
    return Claim.objects.get(customer=customer_id)


def _permit(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    customer_id = world.key("customer", relation, caller)
    return LookPermit.objects.create(
        asked_by=owner or world.cast.lin,
        shop=shop,
        customer_id=customer_id,
        group="address",
        subject_id=new_id(),
        reason="deliver",
        asked_at=NOW,
        state="used",
        until=NOW,
    )


def _staff(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return owner or world.cast.lin


def _shop(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return shop


def _device(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    member = owner or world.cast.lin
    facts = {"name": "key", "credential": _passkey(), "passwordless": True}
    return Authenticator.objects.create(pk=new_id(), user=member, type=Authenticator.Type.WEBAUTHN, data=facts)


@cache
def _passkey() -> dict[str, object]:
    """Return a registered passkey as the accounts library keeps it."""
    key, key_id = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key()), bytes(32)
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), key_id, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    proof = AuthenticatorData.create(bytes(32), flags, 0, credential)
    client = CollectedClientData.create("webauthn.create", bytes(32), "https://shop.example")
    answer = AuthenticatorAttestationResponse(
        client_data=client, attestation_object=AttestationObject.create("none", proof, {})
    )
    return dict(RegistrationResponse(raw_id=key_id, response=answer))


def _view(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return SavedView.objects.create(staff=owner or world.cast.lin, name=f"m-{new_id()}", created_at=NOW)


def _token(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    account = StaffMember.objects.create(
        username=f"t{new_id()}", name="till", role=Role.INTEGRATION.value, shop=shop, created_at=NOW
    )
    return ApiToken.objects.create(
        name="till", acts_as=account, token_hash=f"{new_id():064d}", hint="zk_", made_at=NOW, expires_at=NOW
    )


def _scheme(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return _current_scheme()


def _current_scheme() -> Scheme:
    return Scheme.objects.get(is_current=True)


def _plan(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return CarePlan.objects.create(
        code=f"m-{new_id()}", name_en="Thanks", name_zh="致谢", trigger="sale", steps=[], made_at=NOW
    )


def _style(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return Style.objects.create(style_no=f"M{new_id()}", name="戒指", category="ring", created_at=NOW)


def _field(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return CustomField.objects.create(key=f"m-{new_id()}", name_en="Size", name_zh="尺寸")


def _piece(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    customer_id = world.key("customer", relation, caller)
    return Piece.objects.create(
        customer_id=customer_id, shop=shop, name="戒指", serial=f"M{new_id()}", created_at=NOW, updated_at=NOW
    )


def _photo(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    name, piece_id = f"m-{new_id()}", world.key("piece", relation, caller)
    photo = PiecePhoto.objects.create(
        piece_id=piece_id, file_name=name, content_hash=name, width=1, height=1, added_at=NOW
    )
    photo_folder().mkdir(exist_ok=True)
    for is_small in (False, True):
        photo_file(photo=photo, is_small=is_small).write_bytes(b"")
    return photo


def _note_photo(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    name = f"m-{new_id()}"
    note = world.key("interaction", relation, caller)
    photo = NotePhoto.objects.create(
        interaction_id=note, file_name=name, content_hash=name, width=1, height=1, added_at=NOW
    )
    note_photo_folder().mkdir(exist_ok=True)
    for is_small in (False, True):
        note_photo_file(photo=photo, is_small=is_small).write_bytes(b"")
    return photo


def _mention(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    note = world.key("interaction", relation, caller)
    return Mention.objects.create(interaction_id=note, member=owner or world.cast.lin, at=NOW)


def _inspection(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return Inspection.objects.create(
        piece_id=world.key("piece", relation, caller), on_date=TODAY, next_date=TODAY, created_at=NOW
    )


def _share(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    return PieceShare.objects.create(
        piece_id=world.key("piece", relation, caller), token_hash="0" * 64, expires_at=NOW, made_at=NOW
    )


def _message(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    """A message of which nobody knows."""
    known = {"customer_id": world.key("customer", relation, caller), "purpose": "care", "kind": "care"}
    known |= {"template_key": "points_earned", "cause_kind": "plan", "cause_id": 1, "state": "held_unknown"}
    made = new_id()
    return Message.objects.create(id=made, source_key=str(made), due_at=NOW, use_by=NOW, queued_at=NOW, **known)


def _template(world: World, relation: str, caller: str, shop: Shop, owner: StaffMember | None) -> Model:
    """One text of the house."""
    load_templates(wordings=MESSAGE_TEMPLATES, by=SYSTEM, now=NOW)
    found = TemplateVersion.objects.first()
    assert found is not None
    return found


MAKERS: dict[str, Maker] = {
    "customer": _customer,
    "right_use": _right_use,
    "redemption": _redemption,
    "proposal": _proposal,
    "reward": _reward,
    "offer": _offer,
    "task": _task,
    "sale": _sale,
    "interaction": _of_customer(Interaction, kind="note", at=NOW, text="m"),
    "note_photo": _note_photo,
    "mention": _mention,
    "trait": _of_customer(Trait, key="metal", text="gold", confirmed_at=NOW),
    "claim": _claim,
    "date": _of_customer(CustomerDate, kind="birthday", month=5, day=6, created_at=NOW),
    "tag": _tag,
    "link": _link,
    "piece": _piece,
    "photo": _photo,
    "inspection": _inspection,
    "share": _share,
    "pair": _pair,
    "merge": _merge,
    "hold": _of_customer(LegalHold, reason="m", until_date=NOW.date(), made_at=NOW),
    "export": _export,
    "permit": _permit,
    "import": _import,
    "run": _import,
    "staff": _staff,
    "member": _staff,
    "shop": _shop,
    "device": _device,
    "view": _view,
    "token": _token,
    "scheme": _scheme,
    "plan": _plan,
    "style": _style,
    "field": _field,
    "message": _message,
    "template": _template,
}
