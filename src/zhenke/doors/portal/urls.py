"""Addresses of the member site. No address holds a key of a person."""

from django.urls import path

from zhenke.doors.portal.card import app, card
from zhenke.doors.portal.consent import views as consent
from zhenke.doors.portal.mine import forget
from zhenke.doors.portal.mine import views as mine
from zhenke.doors.portal.passkeys import views as passkeys
from zhenke.doors.portal.pieces import views as pieces
from zhenke.doors.portal.points import views as points
from zhenke.doors.portal.rewards import views as rewards
from zhenke.doors.portal.sign_in import views as sign_in

urlpatterns = [
    path("", card.card, name="member_card"),
    path("card/code/", card.code, name="member_card_code"),
    path("sign-in/", sign_in.sign_in, name="member_sign_in"),
    path("sign-in/code/", sign_in.code, name="member_code"),
    path("sign-in/passkey/", passkeys.enter, name="member_enter"),
    path("mine/passkeys/", passkeys.passkeys, name="member_passkeys"),
    path("sign-in/known/", sign_in.known, name="member_known"),
    path("sign-out/", sign_in.leave, name="member_sign_out"),
    path("language/", sign_in.language, name="member_language"),
    path("points/", points.points, name="member_points"),
    path("rewards/", rewards.rewards, name="member_rewards"),
    path("rewards/take/", rewards.take, name="member_reward_take"),
    path("rewards/claim/", rewards.claim, name="member_coupon_claim"),
    path("rewards/code/", rewards.code, name="member_reward_code"),
    path("rewards/cancel/", rewards.cancel, name="member_reward_cancel"),
    path("pieces/", pieces.pieces, name="member_pieces"),
    path("pieces/<str:reference>/", pieces.piece, name="member_piece"),
    path("pieces/<str:reference>/photo/", pieces.photo, name="member_piece_photo"),
    path("consent/", consent.consent, name="member_consent"),
    path("mine/", mine.mine, name="member_mine"),
    path("mine/correct/", mine.correct, name="member_correct"),
    path("mine/looks/", mine.looks, name="member_looks"),
    path("mine/prove/", sign_in.prove, name="member_prove"),
    path("mine/copy/", mine.copy, name="member_copy"),
    path("mine/forget/", forget.forget, name="member_forget"),
    path("manifest.webmanifest", app.manifest, name="member_manifest"),
    path("worker.js", app.worker, name="member_worker"),
    path("offline/", app.offline, name="member_offline"),
]

handler404 = "zhenke.doors.portal.walls.not_found"
handler500 = "zhenke.doors.portal.walls.broken"
