"""Lists of the demo shop that left as files: one whose day is over, one refused, one ready, one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhenke.customers.models import Export
from zhenke.customers.operations.exports import ask_export, decide_export, end_exports, fetch_export
from zhenke.customers.queries import visible
from zhenke.doors.anchors import write_anchor
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.demo.load import OpenedShop
from zhenke.doors.exports import drop_files, make_file


def write_exports(*, opened: OpenedShop, now: datetime) -> int:
    """Write down four exports of the shop manager; return how many."""
    lin, zhu = opened.staff["lin"], opened.staff["zhu"]
    keys = list(visible(viewer=lin).order_by("pk").values_list("pk", flat=True)[:180])

    def ask(days: float, purpose: str, told: str, chosen: Sequence[int], *more: str) -> tuple[Export, datetime]:
        at = now - timedelta(days=days)
        columns = ["name", "shop", "advisor", "tags", *more]
        export = ask_export(
            by=lin,
            keys=chosen,
            columns=columns,
            purpose=purpose,
            told=told,
            format="xlsx",
            language="zh-hans",
            limits=EXPORT_LIMITS,
            now=at,
        )
        return export, at

    export, at = ask(9, "秋季保养日电话名单", "六个月没来", keys[:64], "phone")
    made_at = at
    make_file(export, clock=lambda: made_at)
    export.refresh_from_db()
    fetch_export(export=export, by=lin, now=at)
    drop_files(end_exports(now=now))
    export, at = ask(4, "整理客户地址簿", "可见的全部客户", keys, "phone", "address")
    reason = "地址不必带出，送货时在档案里查看"
    decide_export(export=export, agree=False, reason=reason, by=zhu, now=at + timedelta(hours=2))
    export, _ = ask(0.1, "翡翠品鉴会邀请", "喜欢翡翠", keys[:38], "grade", "last_bought")
    make_file(export, clock=lambda: now)
    ask(0.02, "冬至礼盒寄送", "A 级", keys[:24], "address")
    write_anchor(now=now)
    return 4
