"""Aftercare sla-monitor from Python, written by `make client` from its OpenAPI document."""

from collections.abc import Iterator
from typing import Any, Literal, NotRequired, TypedDict

from .transport import Service, new_key, segment


class Alert(TypedDict):
    """One step of one ladder that fired, and what became of it.

    `reminded` is who was told last when it rang again, for the `reminders`th time.
    """

    alert_id: str
    position: int
    case_id: str
    clock: str
    cycle: int
    step: Literal["engineer", "executive", "leadership", "pm"]
    threshold: float
    due_at: str
    fire_at: str
    late_by_s: float
    recipient: str
    policy: str
    customer_id: str
    customer: str | None
    summary: str
    acknowledged_by: str | None
    acknowledged_at: str | None
    promised_until: str | None
    reminders: int
    reminded: str | None
    reminded_at: str | None
    resolved_at: str | None
    resolution: str | None


class AcknowledgeBody(TypedDict):
    actor: NotRequired[str | None]
    note: NotRequired[str | None]
    until: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class DeviceAvailability(TypedDict):
    observed_s: float
    downtime_s: float
    faults: int
    failures: int
    mean_time_to_respond_s: float | None
    mean_time_to_restore_s: float | None
    mean_time_between_failures_s: float | None
    availability_percent: float
    device_id: str


class PublishedEdition(TypedDict):
    name: str
    number: int
    published_at: str
    calendar: dict[str, Any]


class Edition(TypedDict):
    """Official days of whole years: `off` holidays, `on` make-up working days.

    `edition` says where they were taken from, such as the notice and its date.
    """

    edition: str
    years: list[int]
    off: NotRequired[list[str]]
    on: NotRequired[list[str]]


class CalendarsPublished(TypedDict):
    """`number` counts the editions of a calendar; running cases follow it by events of theirs."""

    name: str
    number: int
    position: int


class ClockView(TypedDict):
    """One clock as it stands; `explanation` says where its due time comes from."""

    case_id: str
    clock: str
    cycle: int
    state: str
    started_at: str
    due_at: str
    met_at: str | None
    breached_at: str | None
    paused_s: float
    policy: str
    policy_version: int
    provisional: bool
    explanation: dict[str, Any]


class CaseClocks(TypedDict):
    case_id: str
    clocks: list[ClockView]


class ClockKept(TypedDict):
    """`agreed`: due times agreed with the customer beside the contract's (SL-13)."""

    promised: int
    met: int
    met_late: int
    breached: int
    running: int
    cancelled: int
    compliance_percent: float | None
    clock: str
    agreed: bool


class ContractKept(TypedDict):
    """The sums are those of the contract's own promises, agreed due times left out."""

    promised: int
    met: int
    met_late: int
    breached: int
    running: int
    cancelled: int
    compliance_percent: float | None
    contract_id: str | None
    customer_id: str | None
    policy: str
    clocks: list[ClockKept]


class Compliance(TypedDict):
    month: str
    contracts: list[ContractKept]


class Deadline(TypedDict):
    """`agreed_with` is the customer's person; it is sealed. `actor` is whom a desk acts for."""

    clock: str
    due_at: str
    agreed_with: str
    reason: str
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]


class Agreed(TypedDict):
    case_id: str
    clock: str
    due_at: str
    position: int


class ClaimLoss(TypedDict):
    """`claimed_by` is a contact's id. Names and numbers are taken out of the note."""

    amount: float | str
    currency: NotRequired[str]
    claimed_by: NotRequired[str | None]
    note: NotRequired[str | None]
    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class LossRecorded(TypedDict):
    loss_id: str
    position: int


class Loss(TypedDict):
    loss_id: str
    position: int
    case_id: str
    contract_id: str | None
    customer_id: str | None
    amount: str
    currency: str
    claimed_by: str | None
    note: str | None
    occurred_at: str


class CasesToMove(TypedDict):
    """Either `case_ids`, or all cases of the contract, those of one customer if named.

    `cursor` is `next` of the answer before; without `case_ids`, so many cases are looked at.
    """

    reason: str
    case_ids: NotRequired[list[str] | None]
    customer_id: NotRequired[str | None]
    cursor: NotRequired[str | None]


class CasesMoved(TypedDict):
    """`stayed` are over, under these terms already, under newer ones or under another contract."""

    moved: list[str]
    stayed: list[str]
    next: str | None


class OpsAlert(TypedDict):
    """The connect rate of all calls (scope `all`), or of the customer of a contract, in per
    cent.

    Figures are those of the last window that was bad, or that ended it; `since` is when the
    first of them was told.
    """

    scope: str
    position: int
    customer_id: str | None
    customer: str | None
    since: str
    window_start: str
    calls: int
    connected: int
    rate: float
    promised: float
    resolved_at: str | None
    resolution: str | None


class OpsNotice(TypedDict):
    """`subject` is the id of what it is about; `says` holds the figures."""

    kind: str
    subject: str
    position: int
    since: str
    says: dict[str, Any]
    resolved_at: str | None


class OpsAlerts(TypedDict):
    """`items` are about the connect rate; `notices` about what else runs short or is overdue."""

    items: list[OpsAlert]
    notices: list[OpsNotice]


class Penalty(TypedDict):
    """Liability for one breach, in per cent of the contract price.

    `percent` is the contract's rate, `percent_applied` what of it counts under the cap after
    `percent_before`; `amount` is that share of the price, where the archive has one.
    """

    position: int
    case_id: str
    clock: str
    cycle: int
    percent: float
    percent_before: float
    percent_applied: float
    max_percent: float
    why: Literal["capped", "in_full", "withdrawn"]
    amount: str | None
    currency: str | None
    clause: str
    contract_id: str | None
    customer_id: str | None
    policy: str | None
    policy_version: int | None
    due_at: str | None
    breached_at: str | None
    accrued_at: str
    withdrawn_at: str | None
    derivation: str
    derivation_zh: str


class ClaimedLosses(TypedDict):
    currency: str
    amount: str
    claims: int


class PenaltySummary(TypedDict):
    """One contract: what its breaches cost under the cap, and what was claimed beside.

    `percent_due` is what would be owed without the cap. Where no contract is named, the cap
    is that of the customer under `policy`.
    """

    contract_id: str | None
    customer_id: str | None
    policy: str | None
    breaches: int
    withdrawn: int
    percent_due: float
    percent_applied: float
    max_percent: float
    price: str | None
    amount: str | None
    currency: str | None
    losses: list[ClaimedLosses]


class PolicyVersion(TypedDict):
    name: str
    version: int
    policy: dict[str, Any]


class PolicyFile(TypedDict):
    """The YAML of one policy file; `file` is how findings name it."""

    text: str
    file: NotRequired[str]


class PoliciesPublished(TypedDict):
    name: str
    version: int
    position: int


class Verdict(TypedDict):
    """`findings` are sentences with file and line; warnings leave a policy valid."""

    valid: bool
    findings: list[str]


class ReportUnderPolicy(TypedDict):
    """A report is the event, or its data with the instant as `time` (default: now)."""

    text: str
    file: NotRequired[str]
    report: dict[str, Any]


class SpanBody(TypedDict):
    """On ISO days (1 = Monday); an end not after its start lies on the next day."""

    days: list[int]
    start: str
    end: str


class Weekly(TypedDict):
    """Around the clock, or in weekly spans on the wall clock of `zone`.

    With `official` spans fall away on official holidays, and make-up working days are worked.
    """

    zone: NotRequired[str]
    around_the_clock: NotRequired[bool]
    spans: NotRequired[list[SpanBody]]
    official: NotRequired[Literal["cn"] | None]


class Quiet(TypedDict):
    """When somebody is not to be rung, unless one of `except_steps` fires."""

    hours: Weekly
    except_steps: NotRequired[list[Literal["engineer", "executive", "leadership", "pm"]]]


class RecipientEntry(TypedDict):
    """The whole entry as it stands from now on; `name` and `channels` are kept sealed.

    `steps` are the ranks that are told, `customers` limits that to some. `duty` of none means
    always; who is off duty is stood in for by `deputy`. `channels` are addresses as URLs.
    """

    name: NotRequired[str | None]
    channels: NotRequired[list[str]]
    steps: NotRequired[list[Literal["engineer", "executive", "leadership", "pm"]]]
    customers: NotRequired[list[str]]
    deputy: NotRequired[str | None]
    duty: NotRequired[Weekly | None]
    quiet: NotRequired[Quiet | None]
    active: NotRequired[bool]


class RecipientView(TypedDict):
    """`channels` are shown to `admin` only: whoever knows one can write to it."""

    recipient_id: str
    name: str | None
    channels: list[str] | None
    steps: NotRequired[list[Literal["engineer", "executive", "leadership", "pm"]]]
    customers: NotRequired[list[str]]
    deputy: NotRequired[str | None]
    duty: NotRequired[Weekly | None]
    quiet: NotRequired[Quiet | None]
    active: NotRequired[bool]
    position: int


class Secrets(TypedDict):
    """While a receiver changes its secret, messages are signed with both."""

    current: str
    previous: NotRequired[str | None]


class FilterBody(TypedDict):
    """Every field that is given must agree; `audience` is a rank or one recipient."""

    steps: NotRequired[list[Literal["engineer", "executive", "leadership", "pm"]]]
    min_step: NotRequired[Literal["engineer", "executive", "leadership", "pm"] | None]
    audience: NotRequired[str | None]
    policy: NotRequired[str | None]
    customer: NotRequired[str | None]


class SubscriptionBody(TypedDict):
    subscription_id: str
    url: str
    secrets: Secrets
    filter: NotRequired[FilterBody]
    active: NotRequired[bool]


class SubscriptionView(TypedDict):
    """`fingerprints` tell which secrets sign, the newest first. A subscription is `failing`
    while a message could not be brought: `failing_since` is when the oldest of those was to
    be told.
    """

    subscription_id: str
    url: str | None
    fingerprints: list[str]
    filter: FilterBody
    active: bool
    disabled_reason: str | None
    failing: bool
    waiting: int
    failing_since: str | None
    attempts: int
    error: str | None
    delivered_at: str | None
    given_up: int


WhatIfQuestion = TypedDict(
    "WhatIfQuestion",
    {
        "text": str,
        "file": NotRequired[str],
        "calendar": NotRequired[str | None],
        "as": NotRequired[str | None],
        "from": NotRequired[str | None],
        "until": NotRequired[str | None],
        "after_case": NotRequired[str],
        "limit": NotRequired[int],
    },
)
"""A contract as YAML, in the place of the published one of its name, or of the one in `as`.

`calendar` is YAML with an `official` block as in a policy file: other official days. `from`
and `until` are positions or RFC 3339 times, as for `/v1/events`.
"""


class SlaMonitor(Service):
    """Every call of Aftercare sla-monitor."""

    def list_alerts(
        self,
        *,
        limit: int | None = None,
        audience: str | None = None,
        step: Literal["engineer", "executive", "leadership", "pm"] | None = None,
        min_step: Literal["engineer", "executive", "leadership", "pm"] | None = None,
        open_: bool | None = None,
    ) -> Iterator[Alert]:
        """Alerts, the newest first."""
        return self._pages(
            "/v1/alerts",
            {
                "limit": limit,
                "audience": audience,
                "step": step,
                "min_step": min_step,
                "open": open_,
            },
        )

    def stream_alerts(
        self,
        *,
        audience: str | None = None,
        step: Literal["engineer", "executive", "leadership", "pm"] | None = None,
        min_step: Literal["engineer", "executive", "leadership", "pm"] | None = None,
        open_: bool | None = None,
    ) -> Iterator[str]:
        """Alerts as they are raised, acknowledged, ring again and are resolved, as server-sent
        events.

        `id:` is the log position. `Last-Event-ID` (or `?last_event_id=`) resumes after it
        without a gap; without either the stream begins now.
        """
        return self._lines(
            "/v1/alerts/stream",
            {"audience": audience, "step": step, "min_step": min_step, "open": open_},
        )

    def acknowledge_alert(self, alert_id: str, body: AcknowledgeBody | None = None) -> Alert:
        """Stop the reminders of this step; the ladder goes on. `actor` is whom a desk acts for."""
        return self._send("POST", f"/v1/alerts/{segment(alert_id)}/ack", body=body)

    def show_availability(
        self,
        *,
        device: str | None = None,
        customer: str | None = None,
        site: str | None = None,
        from_: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> Iterator[DeviceAvailability]:
        """Downtime, MTTR, MTBF and availability of devices, and of them all; at least one
        filter.
        """
        return self._pages(
            "/v1/availability",
            {
                "device": device,
                "customer": customer,
                "site": site,
                "from": from_,
                "until": until,
                "limit": limit,
            },
        )

    def list_calendars(self) -> list[PublishedEdition]:
        """Every edition of official days; the last of each name is in force for new cases."""
        return self._read("/v1/calendars")

    def publish_calendar(self, name: str, body: Edition) -> CalendarsPublished:
        """Publish an edition of the official days that contracts call `name`, such as `cn`.

        The years it names take the place of what was known of them. Cases reported from now
        on use it; each running case is recalculated openly. What is in force already is not
        published twice.
        """
        return self._send("PUT", f"/v1/calendars/{segment(name)}", body=body)

    def show_clocks(self, case_id: str) -> CaseClocks:
        """Every clock of a case with its due time, state and explanation."""
        return self._read(f"/v1/cases/{segment(case_id)}/clocks")

    def show_compliance(
        self,
        *,
        contract: str | None = None,
        customer: str | None = None,
        policy: str | None = None,
        month: str | None = None,
    ) -> Compliance:
        """Promises kept and broken, for each clock that was due in the month."""
        return self._read(
            "/v1/compliance",
            {"contract": contract, "customer": customer, "policy": policy, "month": month},
        )

    def agree_deadline(
        self, case_id: str, body: Deadline, *, idempotency_key: str | None = None
    ) -> Agreed:
        """Agree on a due time beside the contract's: both are shown, both are judged.

        A later agreement about the same clock takes the place of the earlier one.
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/deadlines",
            body=body,
            key=idempotency_key or new_key(),
        )

    def read_events(
        self,
        *,
        from_: str | None = None,
        until: str | None = None,
        case: str | None = None,
        type_: str | None = None,
        limit: int | None = None,
        follow: bool | None = None,
    ) -> Iterator[str]:
        """Events as NDJSON, oldest first, each with its position as `sequence`.

        `from` and `until` take a position (both included) or an RFC 3339 time of recording;
        `type` takes a pattern such as `aftercare.case.*`; `follow` goes on with what comes.
        """
        return self._lines(
            "/v1/events",
            {
                "from": from_,
                "until": until,
                "case": case,
                "type": type_,
                "limit": limit,
                "follow": follow,
            },
        )

    def claim_loss(
        self, case_id: str, body: ClaimLoss, *, idempotency_key: str | None = None
    ) -> LossRecorded:
        """Record what a customer claims to have lost; it says nothing about whether it is owed."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/losses",
            body=body,
            key=idempotency_key or new_key(),
        )

    def list_losses(self, case_id: str) -> list[Loss]:
        """What was claimed about a case, in the order of the log."""
        return self._read(f"/v1/cases/{segment(case_id)}/losses")

    def move_cases(
        self, name: str, version: int, body: CasesToMove, *, limit: int | None = None
    ) -> CasesMoved:
        """Let open cases go on under a newer version: each clock not met is recalculated,
        openly.

        Repeating it moves nothing twice. A list too long for one call goes on at `next`.
        """
        return self._send(
            "POST",
            f"/v1/policies/{segment(name)}/{segment(version)}/move",
            query={"limit": limit},
            body=body,
        )

    def list_ops_alerts(self, *, open_: bool | None = None) -> OpsAlerts:
        """Where too few calls are answered and what is overdue, each the newest first."""
        return self._read("/v1/ops-alerts", {"open": open_})

    def list_penalties(
        self,
        *,
        case: str | None = None,
        customer: str | None = None,
        contract: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Penalty]:
        """What breaches cost so far, in the order of the log; those withdrawn stay visible."""
        return self._pages(
            "/v1/penalties",
            {"case": case, "customer": customer, "contract": contract, "limit": limit},
        )

    def summarise_penalties(
        self, *, customer: str | None = None, contract: str | None = None
    ) -> list[PenaltySummary]:
        """Penalties and claimed losses by contract."""
        return self._read("/v1/penalties/summary", {"customer": customer, "contract": contract})

    def list_policies(self) -> list[PolicyVersion]:
        """Every version of every published contract."""
        return self._read("/v1/policies")

    def publish_policy(self, body: PolicyFile) -> PoliciesPublished:
        """Publish a new contract, or a newer version of one; open cases keep theirs (SL-01)."""
        return self._send("POST", "/v1/policies", body=body)

    def show_policy(self, name: str, version: int) -> PolicyVersion:
        return self._read(f"/v1/policies/{segment(name)}/{segment(version)}")

    def check_policy(self, body: PolicyFile) -> Verdict:
        """What is wrong with a policy file, or odd about it; nothing is published (SL-12)."""
        return self._send("POST", "/v1/policies/check", body=body)

    def explain_policy(self, body: ReportUnderPolicy) -> dict[str, Any]:
        """Each due time that a report would have under a policy file, with its reasons (SL-11)."""
        return self._send("POST", "/v1/policies/explain", body=body)

    def register_recipient(self, recipient_id: str, body: RecipientEntry) -> RecipientView:
        """Enter somebody, or replace the whole entry; an unchanged one records nothing."""
        return self._send("PUT", f"/v1/recipients/{segment(recipient_id)}", body=body)

    def show_recipient(self, recipient_id: str) -> RecipientView:
        return self._read(f"/v1/recipients/{segment(recipient_id)}")

    def list_recipients(self, *, limit: int | None = None) -> Iterator[RecipientView]:
        """By id."""
        return self._pages("/v1/recipients", {"limit": limit})

    def put_subscription(self, body: SubscriptionBody) -> SubscriptionView:
        """Tell alerts to a receiver from now on, or replace its whole entry."""
        return self._send("PUT", "/v1/subscriptions", body=body)

    def list_subscriptions(self, *, limit: int | None = None) -> Iterator[SubscriptionView]:
        """By id, with how each one fares."""
        return self._pages("/v1/subscriptions", {"limit": limit})

    def show_subscription(self, subscription_id: str) -> SubscriptionView:
        return self._read(f"/v1/subscriptions/{segment(subscription_id)}")

    def remove_subscription(self, subscription_id: str) -> None:
        """Tell it nothing more, not even what waits."""
        return self._send("DELETE", f"/v1/subscriptions/{segment(subscription_id)}")

    def what_if(self, body: WhatIfQuestion) -> dict[str, Any]:
        """What another contract would have changed: breaches, alerts, penalties, and in which
        cases.

        Nothing is written. The changed cases come `limit` at a time, those after
        `after_case`.
        """
        return self._send("POST", "/v1/what-if", body=body)
