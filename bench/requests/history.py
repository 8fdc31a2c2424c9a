"""A long past for the town, in PostgreSQL: ``python -m bench.requests.history MATTERS``.

The fortnight that the demo lived through is copied again and again, each copy further back over ten years, so that
places, kinds, holders, reasons and words keep the shares they have in the demo. What is older than four months is closed
save one in forty; about one in twenty of all is open. Reports, matters, demands, decisions, assignments and
clocks are copied: what lists, filters and counts read. Events and the journal are not: no list reads them.
"""

from __future__ import annotations

import sys

import django

YEARS = 10
#: of a matter's id and how far back its copy lies: whether it is still open
OPEN = "(({back} < interval '120 days' AND bench_chance({id}) < 800) OR bench_chance({id}) < 25)"

FUNCTIONS = """
CREATE FUNCTION bench_id(old uuid, copy int, back interval) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(('x' || lpad(substr(replace(old::text, '-', ''), 1, 12), 16, '0'))::bit(64)::bigint
      - (extract(epoch FROM back) * 1000)::bigint), 12, '0')
    || '7' || substr(salt, 1, 3) || '8' || substr(salt, 4, 15))::uuid FROM (SELECT md5(old::text || copy) AS salt) s $$;
CREATE FUNCTION bench_chance(id uuid) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT ('x' || substr(md5(id::text), 1, 6))::bit(24)::int % 1000 $$;
CREATE FUNCTION bench_number(day timestamptz, draw bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE digits text := to_char(day, 'YYMMDD') || lpad((draw % 10000000)::text, 7, '0'); product int := 10; one int;
  BEGIN
    FOREACH one IN ARRAY string_to_array(digits, NULL)::int[] LOOP
      product := (product + one) % 10; IF product = 0 THEN product := 10; END IF; product := product * 2 % 11;
    END LOOP;
    RETURN digits || ((11 - product) % 10);
  END $$;
CREATE TABLE bench_copies AS SELECT n AS copy, make_interval(secs => n * {step}) AS back FROM generate_series(1, {copies}) n;
"""


def copied(table: type, **told: str) -> str:
    """INSERT of the copies of a table: its own id and moments moved back, other columns as they are, or as ``told``."""
    from django.db.models import BigAutoField, DateTimeField, UUIDField

    columns, values = [], []
    for field in table._meta.concrete_fields:
        if isinstance(field, BigAutoField):
            continue
        value = f"b.{field.column}"
        if field.column in told:
            value = told[field.column]
        elif field.primary_key and isinstance(field, UUIDField):
            value = f"bench_id({value}, c.copy, c.back)"
        elif isinstance(field, DateTimeField):
            value = f"{value} - c.back"
        columns.append(f'"{field.column}"')
        values.append(value)
    name = table._meta.db_table
    return (
        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {name} b CROSS JOIN bench_copies c"
    )


def moved(column: str) -> str:
    return f"bench_id(b.{column}, c.copy, c.back)"


def prolong(matters: int) -> None:
    from django.db import connection

    from doudi.web.matters.models import Assignment, Decision, Demand, Matter, MatterClock
    from doudi.web.reports.models import Report, ReportClock

    lived = Matter.objects.count()
    copies = max(matters // lived, 1)
    step = YEARS * 365.25 * 86400 / copies
    is_open = OPEN.format(back="c.back", id=moved("id"))
    of_open = OPEN.format(back="c.back", id=moved("matter_id"))
    # A report goes with the matter of its first demand.
    first = f"(SELECT bench_id(d.matter_id, c.copy, c.back) FROM {Demand._meta.db_table} d WHERE d.report_id = b.{{}} AND d.position = 1)"
    at_work = OPEN.format(back="c.back", id=first.format("id"))
    clock_at_work = OPEN.format(back="c.back", id=first.format("report_id"))
    drawn = f"(row_number() OVER ()) + {{}} * {matters * 4}"
    due = "now() + (bench_chance(bench_id(b.{id}, c.copy, c.back)) - 100) * interval '20 minutes'"
    words = {
        Report: {
            "number": f"bench_number(b.received_at - c.back, {drawn.format(0)})",
            "key": "NULL",
            "link_digest": "NULL",
            "external_id": "''",
            "status": f"CASE WHEN {at_work} THEN 'received' ELSE 'closed' END",
            "closed_at": f"CASE WHEN {at_work} THEN NULL ELSE b.received_at - c.back + interval '4 days' END",
            "replied_at": f"CASE WHEN {at_work} THEN NULL ELSE b.received_at - c.back + interval '3 days' END",
        },
        Matter: {
            "number": f"bench_number(b.accepted_at - c.back, {drawn.format(1)})",
            "merged_into_id": "NULL",
            "status": f"CASE WHEN NOT {is_open} THEN 'closed' "
            "WHEN b.status IN ('accepted', 'taken', 'handled') THEN b.status ELSE 'taken' END",
            "closed_at": f"CASE WHEN {is_open} THEN NULL ELSE b.accepted_at - c.back + interval '3 days' END",
            "due_at": f"CASE WHEN {is_open} THEN {due.format(id='id')} END",
            "unclear": f"CASE WHEN {is_open} THEN b.unclear ELSE '' END",
        },
        Demand: {"report_id": moved("report_id"), "matter_id": moved("matter_id")},
        Decision: {"matter_id": moved("matter_id")},
        Assignment: {
            "matter_id": moved("matter_id"),
            "decision_id": moved("decision_id"),
            "until": f"CASE WHEN b.until IS NULL AND {of_open} THEN NULL "
            "ELSE coalesce(b.until - c.back, b.since - c.back + interval '3 days') END",
        },
        MatterClock: {
            "matter_id": moved("matter_id"),
            "due_at": f"CASE WHEN {of_open} THEN {due.format(id='matter_id')} ELSE b.due_at - c.back END",
            "ended_at": f"CASE WHEN {of_open} AND b.which = 'handle' THEN NULL "
            "ELSE coalesce(b.ended_at, b.started_at + interval '3 days') - c.back END",
        },
        ReportClock: {
            "report_id": moved("report_id"),
            "ended_at": f"CASE WHEN {clock_at_work} THEN NULL ELSE coalesce(b.ended_at, b.started_at + interval '3 days') - c.back END",
        },
    }
    with connection.cursor() as cursor:
        # Half an hour of a quiet machine's time, made once: what it checks was checked when the originals were written.
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute(FUNCTIONS.replace("{step}", f"{step:.3f}").replace("{copies}", str(copies)))
        for table, told in words.items():
            cursor.execute(copied(table, **told))  # no parameters: % stands for itself
        cursor.execute("DROP TABLE bench_copies; DROP FUNCTION bench_id, bench_chance, bench_number")
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    django.setup()
    prolong(int(sys.argv[1]))
