"""`zhenke import customers|sales FILE`: take in a file, with every row accounted for."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.errors import BadInput
from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import release_run, start_run
from zhenke.customers.queries.intake import reject_reasons
from zhenke.doors.commands.places import shop_or_first
from zhenke.doors.imports import choose_mapping, count_rows, run_import, write_reject_file
from zhenke.doors.words.rejects import reject_reason
from zhenke.journeys.keep_imported_pieces import keep_imported_pieces
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember, Viewer
from zhenke.staff.queries import shops_within, staff_within

_MOST_REASONS = 5
_HINTS = {
    "shop_unknown": "To take them as the shop of --shop instead: --unknown-shop default",
    "advisor_unknown": "To take them without an advisor instead: --unknown-advisor nobody",
}


def _shop(code: str | None, at: datetime) -> Shop:
    """Return the shop of rows that name none: that of the code, the only one, or of several the brand."""
    return shop_or_first(code, now=at) or next(iter(shops_within(viewer=SYSTEM)))


def _person(username: str | None) -> Viewer:
    if username is None:
        return SYSTEM
    person: StaffMember | None = staff_within(viewer=SYSTEM).filter(username=username, is_active=True).first()
    if person is None:
        raise BadInput(f"There is no member of staff with the user name {username}.")
    return person


def _answer(run: ImportRun, reject_file: Path | None) -> dict[str, Any]:
    figures = run.figures
    return {
        "rows_in": run.rows_in,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "rejected": run.rejected,
        "customers": figures.get("customers", 0),
        "sales": figures.get("sales", 0),
        "lines": figures.get("lines", 0),
        "amount": f"{figures.get('amount_minor', 0) / 100:.2f}",
        "currency": figures.get("currency", ""),
        "reject_file": str(reject_file) if reject_file else None,
        "dry_run": run.is_dry_run,
        "import": str(run.id),
    }


@click.command("import")
@click.argument("subject", type=click.Choice(["customers", "sales"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_name", default=None, help="Name of a remembered or shipped mapping; else guessed.")
@click.option("--shop", "shop_code", default=None, help="Shop of rows that name none.")
@click.option("--as", "username", default=None, help="User name of the person who imports; default the system.")
@click.option("--encoding", default=None, help="utf-8, gb18030, utf-16 …; asked for when it cannot be known.")
@click.option("--sheet", default=None, help="Sheet of a workbook; default the first with a table.")
@click.option(
    "--unknown-shop",
    type=click.Choice(["refuse", "default"]),
    default=None,
    help="Rows of a shop that is not known: refuse them, or take them as the shop of --shop.",
)
@click.option(
    "--unknown-advisor",
    type=click.Choice(["refuse", "nobody"]),
    default=None,
    help="Rows of an advisor who is not known: refuse them, or leave the advisor empty.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def imports(
    subject: str,
    file: Path,
    mapping_name: str | None,
    shop_code: str | None,
    username: str | None,
    dry_run: bool,
    as_json: bool,
    **asked: str | None,
) -> None:
    """Take in a file of customers or sales: CSV, TSV, XLSX, any column names.

    Rows in = created + updated + unchanged + rejected. Rejected rows go into a file that can be mended and imported.
    The same file twice changes nothing; a run that was cut off goes on where it stopped.
    """
    at = now()
    by = _person(username)
    shop = _shop(shop_code, at)
    given = {name: value for name, value in asked.items() if value}
    chosen = choose_mapping(subject=subject, name=mapping_name, path=file, given=given)
    run = start_run(
        subject=subject,
        path=file.resolve(),
        file_name=file.name,
        columns=chosen.columns,
        options={**chosen.options, **given},
        shop=shop,
        by=by,
        now=at,
        is_dry_run=dry_run,
    )
    if not as_json:
        for field, heading in chosen.columns.items():
            click.echo(f"  {heading} → {field}")
    try:
        run = _with_bar(run, as_json)
    except KeyboardInterrupt:
        release_run(run=run, now=now())
        raise
    if subject == "sales" and not dry_run:
        _pieces_with_bar(run, as_json)
    reject_file = Path(settings.HOME) / "rejects" / f"{file.stem}-{run.id}.csv" if run.rejected else None
    if reject_file:
        write_reject_file(viewer=by, run=run, path=reject_file)
    answer = _answer(run, reject_file)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo("\n".join([*_words(answer), *_reasons(run, by), *_next_step(answer)]))


def _with_bar(run: ImportRun, hidden: bool) -> ImportRun:
    total = count_rows(run) if not hidden else 1
    with click.progressbar(length=max(total, 1), label="Importing", hidden=hidden, show_pos=True) as bar:

        def show(walked: int) -> None:
            bar.update(max(0, walked - bar.pos))

        return run_import(run=run, now=now(), progress=show)


def _pieces_with_bar(run: ImportRun, hidden: bool) -> None:
    with click.progressbar(length=max(run.created, 1), label="Pieces of buyers", hidden=hidden) as bar:

        def show(kept: int) -> None:
            bar.update(max(0, min(kept, run.created) - bar.pos))

        at = now()
        keep_imported_pieces(run=run, today=local_date(at, run.shop.time_zone), now=at, progress=show)


def _words(answer: dict[str, Any]) -> list[str]:
    lines = [
        f"{answer['rows_in']:,} rows: {answer['created']:,} created, {answer['updated']:,} updated, "
        f"{answer['unchanged']:,} unchanged, {answer['rejected']:,} rejected."
        + (" Nothing was written (dry run)." if answer["dry_run"] else "")
    ]
    if answer["sales"]:
        lines.append(
            f"{answer['customers']:,} customers, {answer['sales']:,} receipts, {answer['lines']:,} lines, "
            f"{answer['amount']} {answer['currency']}."
        )
    return lines


def _reasons(run: ImportRun, by: Viewer) -> list[str]:
    """Return the commonest reasons of refused rows, and what else may be done about shops and advisors."""
    counted = reject_reasons(viewer=by, run=run, size=_MOST_REASONS)
    lines = []
    for column, code, n, first in counted:
        heading = f"{run.columns.get(column, column)}: " if column else ""
        lines.append(f"  {n:,} × {heading}{reject_reason(code, first.facts)}")
    codes = {code for _, code, _, _ in counted}
    return lines + [f"  {hint}" for code, hint in _HINTS.items() if code in codes]


def _next_step(answer: dict[str, Any]) -> list[str]:
    path = answer["reject_file"]
    return [f"Mend the rejected rows in {path} and import that file."] if path else []
