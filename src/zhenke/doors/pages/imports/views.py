"""Views of imports: each fetches a run within the viewer's sight, does one thing, and shows where the run stands."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, NotFound
from zhenke.basics.tables.refusals import EncodingUnknown, FileRefused
from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import start_run
from zhenke.customers.operations.intake_steps import FileGone, NoTrial, choose_columns, drop_trial, take_in
from zhenke.customers.operations.undoing import claim_undo
from zhenke.customers.queries.intake import import_run, import_runs, reject_reasons, rejects_of
from zhenke.doors.imports import streamed_rejects
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.doors.jobs.undo_import import undo_import_task
from zhenke.doors.pages.imports.columns import (
    WEIGHT_UNITS,
    ColumnChoice,
    OpenedFile,
    chosen_columns,
    field_choices,
    opened,
    remembered,
)
from zhenke.doors.pages.imports.counting import sold_words
from zhenke.doors.pages.imports.forms import OptionsForm, UploadForm
from zhenke.doors.pages.imports.progress import (
    STATE_WORDS,
    SUBJECT_WORDS,
    State,
    failure_of,
    is_at_work,
    progress_of,
    reasons_of,
    refused_of,
)
from zhenke.doors.pages.imports.undone import undone_words
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of, refuse, told
from zhenke.doors.uploads import drop_upload, is_too_large, keep_upload
from zhenke.doors.words_errors import sentence_of
from zhenke.grading.queries.schemes import last_yardstick

PAST, FIRST_REFUSED = 30, 30
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16")


def imports_page(request: StaffRequest) -> HttpResponse:
    """Take a new file, and list those that came before."""
    if request.method == "GET":
        return _list(request, UploadForm(viewer=request.user))
    if is_too_large(request):
        form = UploadForm(viewer=request.user)
        form.refuse_size()
        return _list(request, form)
    form = UploadForm(request.POST, request.FILES, viewer=request.user)
    if not form.is_valid():
        return _list(request, form)
    given = form.cleaned_data
    try:
        path = keep_upload(given["file"])
        run = start_run(
            subject=given["subject"],
            path=path,
            file_name=given["file"].name,
            columns={},
            options={},
            shop=given["shop"],
            by=request.user,
            now=moment_of(request).now,
            is_dry_run=True,
        )
        _try_to_open(run, path)
    except FileRefused as refusal:
        refuse(form, refusal, dict.fromkeys([refusal.code], "file"))
        return _list(request, form)
    return redirect("import_columns", run.pk)


def _try_to_open(run: ImportRun, path: Path) -> None:
    """Refuse a hostile or broken file at once; letters that may be read in several ways are asked about next."""
    try:
        opened(run, encoding="", sheet="", mapping="")
    except EncodingUnknown:
        return
    except FileRefused:
        drop_upload(path)
        drop_trial(run=run, by=run.by)  # type: ignore[arg-type]
        raise


def _list(request: StaffRequest, form: UploadForm) -> HttpResponse:
    runs = [run for run in import_runs(viewer=request.user)[: PAST * 2] if not _is_behind(run)][:PAST]
    rows = [{"run": run, "state": STATE_WORDS[run.state], "subject": SUBJECT_WORDS[run.subject]} for run in runs]
    words = {
        "page_title": _("Imports"),
        "form": form,
        "rows": rows,
        "today": moment_of(request).today,
    }
    status = UNREADABLE if form.is_bound or form.errors else HTTPStatus.OK
    return render(request, "imports/page.html", words, status=status)


def _is_behind(run: ImportRun) -> bool:
    """A trial that was taken in is shown by the run that took it in."""
    return run.is_dry_run and run.state == State.DONE


def import_page(request: StaffRequest, import_id: int) -> HttpResponse:
    """Show where a run stands: at work, tried out, done, stopped or undone."""
    run, moment = import_run(viewer=request.user, id=import_id), moment_of(request)
    if run.is_dry_run and not run.columns:
        return redirect("import_columns", run.pk)
    if _is_behind(run) and run.figures.get("taken_in_as"):
        return redirect("import", int(run.figures["taken_in_as"]))
    if is_at_work(run):
        words = {"run": run, "progress": progress_of(run, moment.now), "today": moment.today}
        return render(request, "imports/_progress.html" if request.htmx else "imports/working.html", words)
    if request.htmx:  # the look at a run that has just ended: on to what it came to
        return gone_to(request, request.path)
    words = {
        "page_title": run.file_name,
        "run": run,
        "state": STATE_WORDS[run.state],
        "subject": SUBJECT_WORDS[run.subject],
        "today": moment.today,
        "failure": failure_of(run) if run.state == State.FAILED else "",
        "refused": [refused_of(run, one) for one in rejects_of(viewer=request.user, run=run, size=FIRST_REFUSED)],
        "accepted": run.created + run.updated,
        "sold": sold_words(run),
        "reasons": reasons_of(run, reject_reasons(viewer=request.user, run=run)),
        "is_graded": _is_graded(run),
        "undone": undone_words(run, viewer=request.user) if run.state == State.UNDONE else None,
    }
    return render(request, "imports/checked.html" if run.is_dry_run else "imports/result.html", words)


def _is_graded(run: ImportRun) -> bool:
    """Whether everybody was graded since the import ended."""
    graded = last_yardstick()
    return graded is not None and run.finished_at is not None and graded.made_at >= run.finished_at


def import_columns(request: StaffRequest, import_id: int) -> HttpResponse:
    """Ask what each column of the file means, after letters and sheet; then try the file out."""
    run = import_run(viewer=request.user, id=import_id)
    if not run.is_dry_run or run.state == State.DONE:
        raise NoTrial
    if not Path(run.file_path).exists() or not run.file_path:
        raise FileGone
    given = request.POST if request.method == "POST" else request.GET
    encoding = given.get("encoding", "") or str(run.options.get("encoding", ""))
    sheet = given.get("sheet", "") or str(run.options.get("sheet", ""))
    try:
        file = opened(run, encoding=encoding, sheet=sheet, mapping=request.GET.get("mapping", ""))
    except EncodingUnknown as unknown:
        return render(request, "imports/letters.html", {"run": run, "candidates": unknown.candidates})
    except FileRefused as refusal:
        candidates = [{"encoding": name, "sample": ""} for name in ENCODINGS]
        words = {"run": run, "candidates": candidates, "sentence": sentence_of(refusal)}
        return render(request, "imports/letters.html", words, status=UNREADABLE)
    if request.method == "GET":
        start = {**file.options, "shop": run.shop_id}
        return _columns(request, run, file, OptionsForm(viewer=request.user, initial=start), ColumnChoice())
    return _try_out(request, run, file)


def _try_out(request: StaffRequest, run: ImportRun, file: OpenedFile) -> HttpResponse:
    form = OptionsForm(request.POST, viewer=request.user)
    choice = chosen_columns(run.subject, file.headings, request.POST)
    if not form.is_valid() or choice.wrong:
        return _columns(request, run, file, form, choice)
    options: dict[str, object] = {**form.options(run.subject), **choice.options, "headings": file.headings}
    options |= {"source": file.options["source"]} if file.options.get("source") else {}
    options |= {"encoding": file.facts.encoding} if file.facts.encoding else {}
    options |= {"sheet": file.facts.sheet} if file.facts.sheet else {}
    try:
        choose_columns(
            run=run,
            columns=choice.columns,
            options=options,
            shop=form.cleaned_data["shop"],
            by=request.user,
            now=moment_of(request).now,
            remember_as=form.cleaned_data["remember_as"],
        )
    except BadInput as refusal:
        refuse(form, refusal)
        return _columns(request, run, file, form, choice)
    run_import_task.enqueue(str(run.pk))
    return redirect("import", run.pk)


def _columns(
    request: StaffRequest, run: ImportRun, file: OpenedFile, form: OptionsForm, choice: ColumnChoice
) -> HttpResponse:
    asked = request.method == "POST"
    columns = [
        {"column": one, "field": request.POST.get(f"column-{one.number}", "") if asked else one.field}
        for one in file.columns
    ]
    words = {
        "page_title": run.file_name,
        "run": run,
        "subject": SUBJECT_WORDS[run.subject],
        "columns": columns,
        "facts": file.facts,
        "unsure": sum(one.sure == "unsure" for one in file.columns),
        "fields": field_choices(run.subject),
        "remembered": remembered(run.subject, file.headings),
        "chosen_mapping": request.GET.get("mapping", ""),
        "form": form,
        "wrong": choice.wrong,
        "encodings": [name for name in ENCODINGS if name != file.facts.encoding] if file.facts.encoding else [],
        "weight_units": WEIGHT_UNITS,
    }
    return render(request, "imports/columns.html", words, status=UNREADABLE if asked else HTTPStatus.OK)


def import_take(request: StaffRequest, import_id: int) -> HttpResponse:
    """Take in what was tried out."""
    run = import_run(viewer=request.user, id=import_id)
    if run.is_dry_run and run.state == State.READY and not Path(run.file_path).exists():
        raise FileGone
    taken = take_in(run=run, by=request.user, now=moment_of(request).now)
    run_import_task.enqueue(str(taken.pk))
    return redirect("import", taken.pk)


def import_resume(request: StaffRequest, import_id: int) -> HttpResponse:
    """Let a run that was cut off go on where it stopped; the worker skips one that ended or is at work."""
    run = import_run(viewer=request.user, id=import_id)
    run_import_task.enqueue(str(run.pk))
    return redirect("import", run.pk)


def import_drop(request: StaffRequest, import_id: int) -> HttpResponse:
    """Forget a file that was only tried out, and delete it."""
    run = import_run(viewer=request.user, id=import_id)
    drop_trial(run=run, by=request.user)
    drop_upload(run.file_path)
    return told(request, _("The file is forgotten; nothing was taken in."), back=reverse("imports"))


def import_undo(request: StaffRequest, import_id: int) -> HttpResponse:
    """Take an import back, except for what something touched later; the worker goes on from here."""
    run = claim_undo(run=import_run(viewer=request.user, id=import_id), by=request.user, now=moment_of(request).now)
    undo_import_task.enqueue(str(run.pk))
    return redirect("import", run.pk)


def import_reject_file(request: StaffRequest, import_id: int) -> HttpResponseBase:
    """Send the refused rows as a file to be mended and imported again; it is made while it is sent and never kept."""
    run = import_run(viewer=request.user, id=import_id)
    if not run.rejected:
        raise NotFound(kind="rejects")
    name = f"{Path(run.file_name).stem}-{_('refused')}.csv"
    answer = StreamingHttpResponse(
        streamed_rejects(viewer=request.user, run=run), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
