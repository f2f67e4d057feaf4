"""Texts cut into sentences, in French and English: abbreviations, decimals, ellipses, emoji, and no punctuation at all."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_CUT = "\x1e"
_EMOJI = r"\x{2600}-\x{27BF}\x{1F300}-\x{1FAFF}\x{FE0F}"
_ENDS = rf"([^.\s!?…])((?:\s?[!?…]+|\.+)[!?.…]*[\"»”')\]]*(?:\s*[{_EMOJI}]+)?)\s+"
_GLUED = r"([a-zà-ÿ]{2})([.!?…]+)([A-ZÀ-Ý][a-zà-ÿ' ])"
_AFTER_EMOJI = rf"([{_EMOJI}]+)\s+"
_LINES = r"[\s]*[\n\r]+[\s\-•*·–>]*"
_ABBREVIATED = r"(?i)((?:^|[^\p{L}])(?:m|mm|mme|mlle|mr|mrs|ms|dr|st|ste|art|av|bd|etc|ex|env|max|min|n|no|nb|ref|réf|tel|tél|vs|cf|p|pp|vol|e\.g|i\.e|c\.-à-d|approx|dept|inc|ltd|jr|sr|svp|hr|hrs|apt|h)\.)\x{1e}([\p{Ll}\p{N}<A-Z])"
_NUMBERED = r"((?:^|\x{1e})\s*[0-9]{1,2}[.)])\x{1e}"
_LONG = 45
_SHORT = 8
_TURNS = re.compile(
    r"(?i)\s+(?=(?:mais|par contre|en revanche|cependant|pourtant|toutefois|de plus|en plus|par ailleurs|ensuite|et puis|du coup|donc|but|however|although|also|then|besides|meanwhile|and then|so now)\b)"
)
MOST_CHARACTERS = 20_000
"""What of one text is read: beyond it are pasted logs, not words."""


def cut(texts: Sequence[str]) -> list[list[str]]:
    """The sentences of each text, without the space around them; a text with no word in it has none."""
    column = pa.array([text[:MOST_CHARACTERS].replace(_CUT, " ") for text in texts], pa.large_string())
    column = pc.replace_substring_regex(column, _LINES, _CUT)
    column = pc.replace_substring_regex(column, _ENDS, rf"\1\2{_CUT}")
    column = pc.replace_substring_regex(column, _GLUED, rf"\1\2{_CUT}\3")
    column = pc.replace_substring_regex(column, _AFTER_EMOJI, rf"\1{_CUT}")
    for may_hold, pattern, instead in ((_CUT, _ABBREVIATED, r"\1 \2"), (_CUT, _NUMBERED, r"\1 ")):
        if pc.any(pc.match_substring(column, may_hold)).as_py():
            column = pc.replace_substring_regex(column, pattern, instead)
    return [_sentences(text) for text in column.to_pylist()]


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    for part in text.split(_CUT):
        sentence = part.strip()
        if not sentence:
            continue
        if not any(map(str.isalnum, sentence[:200])):
            if found:
                found[-1] = f"{found[-1]} {sentence}"  # signs alone belong to what they follow
            else:
                found.append(sentence)
            continue
        if len(sentence) > 4 * _LONG and sentence.count(" ") >= _LONG:
            found += _turned(sentence)
        else:
            found.append(sentence)
    return found


def _turned(sentence: str) -> list[str]:
    """A sentence without end, cut where it turns; pieces too short stay with the one before."""
    pieces: list[str] = []
    for piece in _TURNS.split(sentence):
        if pieces and (piece.count(" ") < _SHORT - 1 or pieces[-1].count(" ") < _SHORT - 1):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces
