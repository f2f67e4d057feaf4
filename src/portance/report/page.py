"""report.html: one file, no script, nothing fetched; everything from data is escaped."""

import base64
import hashlib
import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from portance import __version__
from portance.report.drawing_people import PeopleDrawings
from portance.report.drawings import dumbbell, flow_map, heat, network, timeline, tradeoff, trend, waterfall
from portance.report.drawings.canvas import both, element, icon
from portance.views.alignment import saying
from portance.views.alignment.conflicts import Network
from portance.views.alignment.decisions import Curve, Decisions
from portance.views.alignment.responsibility import BrakeMeasure, Matrix
from portance.views.cracks import FlowMap
from portance.views.promises import PromiseView
from portance.views.report import Report
from portance.views.speech import Speech, clean

MOST_FINDINGS = 40
_STEPS = {"A": 3, "B": 3, "C": 2, "D": 1, "E": 1}
_VERDICTS = frozenset({"new", "gone", "better", "worse", "same"})
_NAME = re.compile(r"[^A-Za-z0-9_]+")


def html(report: Report) -> str:
    """The page of a report, in its language."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template("page.html")
    return page.render(
        report=report,
        draw=Drawings(report.speech),
        said=saying,
        style=Markup(style),  # noqa: S704 - our own style sheet
        style_hash=digest,
        version=__version__,
        colon="\u00a0: " if report.language == "fr" else ": ",
        key_ok=_key(element("rect", width=16, height=10, kind="flow")),
        key_broken=_key(element("rect", width=16, height=10, fill="url(#hatch)")),
        most_findings=MOST_FINDINGS,
    )


class Drawings(PeopleDrawings):
    """The drawings that the templates place, each with an id of its own on the page."""

    def __init__(self, speech: Speech) -> None:
        super().__init__(speech)

    def flow_wide(self, flow: FlowMap, name: str) -> Markup:
        """The map of flows as wide as the page."""
        return flow_map.wide(flow, f"flow-{name}", self._speech)

    def flow_narrow(self, flow: FlowMap, name: str) -> Markup:
        """The same for a phone."""
        return flow_map.narrow(flow, f"flow-{name}-narrow", self._speech)

    def undrawn(self, flow: FlowMap) -> int:
        """How many ribbons are left to the table."""
        return flow_map.undrawn(flow)

    def dumbbell(self, promise: PromiseView, name: str) -> Markup:
        """The four facets of a promise, for both widths; nothing where none is known."""
        wide = dumbbell.dumbbell(promise, f"{name}-facets", self._speech)
        narrow = dumbbell.dumbbell(promise, f"{name}-facets-narrow", self._speech, dumbbell.NARROW)
        return both(wide, narrow)

    def waterfall(self, promise: PromiseView, name: str) -> Markup:
        """The terms of a gap, for both widths; nothing where one is missing."""
        wide = waterfall.waterfall(promise, f"{name}-terms", self._speech)
        narrow = waterfall.waterfall(promise, f"{name}-terms-narrow", self._speech, waterfall.NARROW)
        return both(wide, narrow)

    def trend(self, promise: PromiseView, name: str) -> Markup:
        """Kept rates month by month; nothing with fewer than two."""
        return trend.trend(promise, f"{name}-trend", self._speech) or Markup("")

    def network(self, held: Network) -> Markup:
        """Who works against whom, for both widths."""
        return network.wide(held, "network", self._speech) + network.narrow(
            held, "network-narrow", self._speech
        )

    def heat(self, matrix: Matrix, name: str) -> Markup:
        """Who names whom, for both widths."""
        return heat.wide(matrix, name, self._speech) + heat.narrow(matrix, f"{name}-narrow", self._speech)

    def tradeoff(self, curve: Curve, name: str) -> Markup:
        """A trade-off, for both widths; nothing where it has too few settings."""
        wide = tradeoff.tradeoff(curve, name, self._speech)
        narrow = tradeoff.tradeoff(curve, f"{name}-narrow", self._speech, tradeoff.NARROW)
        return both(wide, narrow)

    def timeline(self, held: Decisions) -> Markup:
        """Decisions and their reviews, for both widths; nothing before one is signed."""
        wide = timeline.timeline(held.signed, held.as_of, "timeline", self._speech)
        narrow = timeline.timeline(held.signed, held.as_of, "timeline-narrow", self._speech, timeline.NARROW)
        return both(wide, narrow)

    def months(self, measure: BrakeMeasure, name: str) -> Markup:
        """A small line of a brake's measure month by month; nothing with fewer than three."""
        return trend.months(measure.months, measure.label, name, self._speech) or Markup("")

    def arrow(self, kind: str) -> Markup:
        """The mark of an arrow, for a legend."""
        line = element(
            "path", d="M0 6H26", kind=f"arrow arrow-{kind}", stroke_width=1.4 if kind == "gain" else 2.6
        )
        tip = element("path", d="M34 6L25 1.5V10.5Z", kind="tip-gain" if kind == "gain" else "tip-harm")
        return icon(line + tip, 34, 12, "arrow-key")

    def kept(self, promise: PromiseView) -> Markup:
        """A small bar of the kept rate with its interval; it repeats a figure that is written beside it."""
        found = promise.kept
        if not found.known:
            return Markup("")
        parts = [element("rect", x=0.5, y=1.5, width=91, height=7, kind="track")]
        if found.shown == "point" and found.value is not None:
            sure = _unit(found.value if found.low is None else found.low)
            parts.append(element("rect", x=0.5, y=1.5, width=91 * sure, height=7, kind="kept-bar"))
        if found.low is not None and found.high is not None:
            left, right = 0.5 + 91 * _unit(found.low), 0.5 + 91 * _unit(found.high)
            parts.append(
                element("rect", x=left, y=1.5, width=max(1.0, right - left), height=7, kind="unsure-bar")
            )
        return icon(Markup("").join(parts), 92, 10)

    def share(self, share: float) -> Markup:
        """A small bar of a share that is written beside it."""
        inner = element("rect", x=0.5, y=0.5, width=59, height=7, kind="track")
        inner += element("rect", x=0.5, y=0.5, width=59 * _unit(share), height=7, kind="kept-bar")
        return icon(inner, 60, 8, "share")

    def key(self, facet: str, hollow: bool = False) -> Markup:  # noqa: FBT001, FBT002 - called from templates
        """The mark of a facet, for a legend."""
        return icon(dumbbell.mark(facet, 8, 8, hollow=hollow), 16, 16)


def _unit(share: float) -> float:
    return min(1.0, max(0.0, share))


def _key(inner: Markup) -> Markup:
    return icon(inner, 16, 10)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("portance.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "grade_steps": lambda grade: _STEPS.get(str(grade), 0),
        "verdict_class": lambda verdict: verdict if verdict in _VERDICTS else "same",
        "code": lambda text, *codes: _coded(text, codes),
        "slug": lambda key: _NAME.sub("-", str(key))[:80],
    }
    return environment


def _coded(text: str, codes: tuple[str, ...]) -> Markup:
    """A wording of ours with its codes set as code; ``{code}`` stands where each goes."""
    parts = text.split("{code}")
    held = escape(clean(parts[0]))
    for index, part in enumerate(parts[1:]):
        held += Markup("<code>{}</code>{}").format(codes[min(index, len(codes) - 1)], clean(part))
    return held


def _finalized(value: Any) -> Any:
    """Texts lose control signs and signs that turn their direction; markup of ours passes as it is."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=1)
def _style() -> str:
    loader = _environment().loader
    if loader is None:
        raise RuntimeError("the templates are not installed")
    source = loader.get_source(_environment(), "report.css")[0]
    return re.sub(r"\s*\n\s*", "\n", source).strip()
