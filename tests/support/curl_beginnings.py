"""How each page of curls begins: what a shell knows, and what must be under way first."""

from collections.abc import Mapping

# The variable of a shell that holds the address of a service; locally it is at this port.
AT: Mapping[str, tuple[str, int]] = {
    "intake": ("intake", 8081),
    "dispatch": ("dispatch", 8082),
    "sla-monitor": ("sla", 8083),
    "feedback": ("feedback", 8084),
}
HEAD = """# Every call of {service}, as curl

Written by `make client` from the service's OpenAPI document; the tests run it from the first line
to the last. Paste this first, in bash and in the folder of the checkout, with `make run` in another
terminal:

```sh
{addresses}
auth='Authorization: Bearer local-dev-key'
written=$(mktemp)                       # the headers of the last answer to a write
write=(-fsS -D "$written" -H "$auth")
read=(-fsS -H "$auth")
json='Content-Type: application/json'
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
next_week=$(python3 -c 'import datetime as d; print(d.date.today() + d.timedelta(days=7))')
key() {{ od -An -N16 -tx1 /dev/urandom | tr -d ' \\n'; }}
position() {{ sed -n 's/^x-log-position: \\([0-9]*\\).*/\\1/p' "$written" | grep . || echo 0; }}
take() {{ python3 -c 'import functools, json, sys
print(functools.reduce(lambda found, part: found[int(part) if part.isdigit() else part],
                       sys.argv[1].split("."), json.load(sys.stdin)))' "$1"; }}
```

Reads hand back the position of the last write as `min_position` and so see it. What is created or
happens takes an `Idempotency-Key`: repeat with the same key whatever was not answered. Errors are
[problem documents](../how-to/call-centre.md#when-something-is-wrong).
"""
_GIVEN = """A case comes in and is given to an engineer:

```sh
case=$(curl "${write[@]}" "$intake/v1/requests" -H "Idempotency-Key: $(key)" -H "$json" -d '{
  "channel": "web", "kind": "fault", "customer_id": "C-INTEGRATION", "device_serial": "IT-SRV-01",
  "severity": "2", "summary": "Server restarts every few minutes", "contact": {"name": "李静"}}' |
  take case_id)
until curl "${read[@]}" "$dispatch/v1/cases/$case" 2>/dev/null | grep -q '"holder":"'; do
  sleep 0.2
done
```
"""
_CALLED_BACK = """He solves it, and a callback is due:

```sh
work=$dispatch/v1/cases/$case
for step in accept contact respond diagnose depart arrive restore; do
  curl "${write[@]}" -X POST "$work/$step" -H "Idempotency-Key: $(key)"; echo
done
curl "${write[@]}" "$work/record" -H "Idempotency-Key: $(key)" -H "$json" \\
  -d '{"symptom": "restarts", "cause": "power supply", "action": "replaced it", "place": "rack 3",
  "reported_by": "李静", "prevention": "look through its log", "technique": "measure first"}'; echo
curl "${write[@]}" "$work/resolve" -H "Idempotency-Key: $(key)" -H "$json" \\
  -d '{"resolution": "power supply replaced"}'; echo
callback=CB-$case-1
until curl "${read[@]}" "$feedback/v1/callbacks/$callback" >/dev/null 2>&1; do sleep 0.2; done
```
"""
_ALERTED = """And another one, of a customer whose contract wants an answer within a second, so that
there is an alert:

```sh
hurry=hurry-$(date +%s)
python3 -c 'import json, sys; print(json.dumps({"text": sys.stdin.read()}))' <<YAML |
policy: $hurry
version: 1
title: {zh: 一秒, en: Within a second}
time_zone: Asia/Shanghai
severities:
  "1": {zh: 紧急, en: Urgent}
calendars:
  around_the_clock:
    week: {mon-sun: 00:00-24:00}
ladders:
  default: {engineer: 25 %, pm: 50 %, leadership: 75 %, executive: 100 %}
callback: {not_by: [engineer], clause: "-"}
clocks:
  - {clock: respond, met_by: responded, target: 1 s, calendar: around_the_clock}
YAML
  curl "${write[@]}" "$sla/v1/policies" -H "$json" -d @-; echo
curl "${write[@]}" -X PUT "$intake/v1/customers/C-$hurry" -H "$json" -d '{"name": "急"}'; echo
curl "${write[@]}" -X PUT "$intake/v1/contracts/CT-$hurry" -H "$json" -d @- <<JSON; echo
{"customer_id": "C-$hurry", "policy": "$hurry", "starts_on": "2020-01-01"}
JSON
late=$(curl "${write[@]}" "$intake/v1/requests" -H "Idempotency-Key: $(key)" -H "$json" \\
  -d @- <<JSON |
{"channel": "web", "kind": "fault", "customer_id": "C-$hurry", "severity": "1",
 "summary": "dark", "contact": {"name": "李静"}}
JSON
  take case_id)
until curl "${read[@]}" "$sla/v1/alerts?open=true" | grep -q "$late"; do sleep 0.2; done
```
"""
UNDER_WAY: Mapping[str, str] = {
    "intake": "",
    "dispatch": _GIVEN,
    "sla-monitor": f"{_GIVEN}\n{_ALERTED}",
    "feedback": f"{_GIVEN}\n{_CALLED_BACK}",
}


def beginning(service: str) -> str:
    under_way = UNDER_WAY[service]
    needed = [
        f"{name}=${{{name.upper()}:-http://127.0.0.1:{port}}}"
        for one, (name, port) in AT.items()
        if one == service or f"${name}/" in under_way
    ]
    head = HEAD.format(service=service, addresses="\n".join(needed))
    return f"{head}\n{under_way}" if under_way else head
