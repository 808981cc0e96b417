"""An import is taken back: what it changed is as it was, what it made is gone, and what was touched since stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

import zhenke.customers.queries.undoing as told
from zhenke.basics.errors import NotFound
from zhenke.basics.images import KeyRanges
from zhenke.care.operations.forgetting import forget_customers, forget_dates, forget_sales
from zhenke.care.queries.by_hand import cared_for_by_hand, followed_up_by_hand
from zhenke.catalogue.operations import forget_sold, forget_styles
from zhenke.catalogue.queries import holders_of_pieces, lines_worked_on
from zhenke.customers.models import ImportBatch, ImportRun
from zhenke.customers.operations.intake import queue_up
from zhenke.customers.operations.undoing import (
    claim_undo,
    end_undo,
    note_undone,
    put_back_people,
    remove_details,
    remove_people,
    take_batch,
)
from zhenke.customers.queries.intake import import_runs
from zhenke.customers.rules.undoing import KeptRow, UndoneImport
from zhenke.grading.operations import forget_grades
from zhenke.grading.queries.by_hand import graded_by_hand
from zhenke.membership.operations.undoing import forget_members, mark_for_review
from zhenke.membership.queries.by_hand import served_as_members
from zhenke.sales.operations.undoing import undo_rows
from zhenke.sales.queries import quantities_of
from zhenke.sales.queries.known import buyers_with_receipts, receipts_of_lines, styles_on_lines, touched_receipts
from zhenke.staff.models import Viewer

Keys = Mapping[str, KeyRanges]
_NONE = KeyRanges(())


def undo_import(*, run: ImportRun, by: Viewer, now: datetime) -> UndoneImport:
    """Take an import back, batch by batch, the newest first, each in a transaction of its own.

    What the run changed gets its old values back field for field, and what it made is removed with the grades and the
    automatic care that came of it, unless something later touched the row (an edit, a sale, a return, an interaction,
    a task by hand, a later import): then the row stays and is listed.

    Errors: NotFound outside the person's sight; NotAllowed; NotUndoable for a dry run or a run at work.
    Writes: customers, sales, pieces, styles, care and grades of the run; the run is undone; one audit line.
    Twice:  nothing more; the answer is that of the first time. An undo that was cut off goes on.
    """
    if not import_runs(viewer=by).filter(pk=run.pk).exists():
        raise NotFound
    claim_undo(run=run, by=by, now=now)
    made, later = told.made_by(run=run), told.changed_since(run=run)
    done = UndoneImport.from_figures(run.figures.get("undone", {}))
    for key in told.batch_keys(run=run):
        with transaction.atomic():
            queue_up(run=run)
            batch = told.batch_of(key=key)
            if batch is None or not take_batch(batch=batch):
                continue
            created = {table: KeyRanges(ranges) for table, ranges in batch.created.items()}
            done.add(_undo_sales(batch, created, made, later))
            done.add(_undo_people(batch, created, made, now))
            note_undone(run=run, done=done)
    end_undo(run=run, now=now)
    return done


def _undo_sales(batch: ImportBatch, created: Keys, made: Keys, later: Mapping[str, set[int]]) -> UndoneImport:
    own = made.get("sales_sale", _NONE)
    lines, sales = created.get("sales_saleline", _NONE), created.get("sales_sale", _NONE).keys()
    there = {sale for part in lines.parts() for sale in receipts_of_lines(line_ids=part)} | set(sales)
    later_lines = later.get("sales_saleline", set())
    touched = touched_receipts(
        sale_ids=[sale for sale in there if sale in own],
        lines=made.get("sales_saleline", _NONE),
        later=later.get("sales_sale", set()) | receipts_of_lines(line_ids=later_lines),
    )
    touched |= dict.fromkeys(followed_up_by_hand(sale_ids=sales), "task")
    counts = quantities_of(line_ids=lines.keys())
    touched |= dict.fromkeys(receipts_of_lines(line_ids=lines_worked_on(counts=counts)), "piece_kept")
    mark_for_review(sale_ids=there)
    forget_sales(sale_ids=[sale for sale in sales if sale not in touched])
    done = undo_rows(created=created, before=batch.before, after=batch.after, spared=touched, later_lines=later_lines)
    stayed = quantities_of(line_ids=counts)
    forget_sold(counts={line: count for line, count in counts.items() if line not in stayed})
    styles = created.get("catalogue_style", _NONE).keys()
    if styles:
        done.removed["style"] = forget_styles(style_ids=set(styles) - styles_on_lines(style_ids=styles))
    return done


def _undo_people(batch: ImportBatch, created: Keys, made: Keys, now: datetime) -> UndoneImport:
    done = put_back_people(before=batch.before, after=batch.after)
    own, people = made.get("customers_customer", _NONE), created.get("customers_customer", _NONE).keys()
    asked = sorted({owner for owner in told.owners_of_details(created=created) if owner in own} | set(people))
    touched = dict.fromkeys(cared_for_by_hand(customer_ids=asked), "task")
    touched |= dict.fromkeys(graded_by_hand(customer_ids=asked), "grade_by_hand")
    touched |= dict.fromkeys(served_as_members(customer_ids=asked), "member")
    touched |= told.touched_people(customer_ids=asked, made=made)
    touched |= dict.fromkeys(holders_of_pieces(customer_ids=asked), "piece")
    touched |= dict.fromkeys(buyers_with_receipts(customer_ids=asked), "sale")
    gone = [key for key in people if key not in touched]
    forget_customers(customer_ids=gone)
    forget_grades(customer_ids=gone)
    forget_members(customer_ids=gone)
    done.add(UndoneImport(remove_people(customer_ids=gone)))
    forget_dates(date_ids=told.dates_going(created=created, spared=touched.keys()), now=now)
    more = remove_details(created=created, spared=touched.keys(), tag_ids=created.get("customers_tag", _NONE).keys())
    done.add(UndoneImport(more))
    done.kept += [KeptRow("customer", key, touched[key]) for key in people if key in touched]
    return done
