"""Names of persons: those that are known, given names, and what stands after a title, an introduction or a signature.

No list holds every name. Known names (of the charter, of those who handled interactions) are found wherever they stand;
unknown ones only where something beside them says that a person is named.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from portance.experience.voices.folding import fold, folded, listed
from portance.experience.voices.given_names import GIVEN, WORDS_TOO

Found = Iterator[tuple[int, int, str]]

_COMMON = listed("""
    a ai ais ait as au aucun aucune aussi autre autres aux avais avait avant avec avez avoir avons beaucoup bien bon bonjour bonne bonsoir bravo c ca car ce cela celui ces cet
    cette chez ci comme comment cordialement d dans de depuis des desole du donc dont elle elles en encore enfin ensuite est et etaient etais etait etant ete etes eu eux fait faut
    faute globalement grace hier hors ici il ils j jamais je jusqu justement l la le les leur leurs lors lui m ma madame mademoiselle mais malgre malheureusement me meme merci mes mieux
    moi moins mon monsieur messieurs mesdames n ne ni non nos notre nous on ont ou oui par parce pas pendant personne peu peut peux plus plusieurs pour pourquoi pouvez pourriez pourrait
    presque puis puisque qu quand que quel quelle quelques qui quoi rien s sa sans sauf se sera ses si sinon soit sommes son sont suis suite sur t ta tant tellement tes toi ton toujours tous tout
    toute toutes tres trop tu un une vers veuillez via vient voici voila vos votre vous vraiment y
    client cliente clients clientele commande colis compte conseiller conseillere contrat dossier facture service services societe support agence magasin site internet application
    directeur directrice president presidente ministre responsable chef technicien technicienne agent agente docteur avocat expert experte inspecteur gestionnaire livreur chauffeur
    tout lemonde monde jour temps fois an ans mois semaine satisfait satisfaite content contente decu decue mecontent mecontente ravi ravie etonne surprise surpris heureux heureuse
    tombe tombee allee alle venu venue parti partie rentre arrive assure assuree abonne abonnee titulaire locataire proprietaire retraite retraitee etudiant etudiante francais francaise
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
    refuse refuser demande demander repond repondu dit appelle rappelle attend attends veut vouloir souhaite accueil aide ecoute conseil conseils reponse prix tarif euros euro
    the you i we it he she they this that these those there hi hello hey dear thanks thank please my your our his her their its and or but so for from with at in on to of was were is are be
    been has have had who when where why what which how no not never always order parcel account sir madam ma'am mister miss do did does don doesn didn can could would should will wont
    an as by if up out off over under after before again still just very really now then here all any some more most one two three today tomorrow yesterday later soon good great best
    bad nice sorry happy sad tired waiting flight flights customer customers agent team staff manager guys folks everyone anybody somebody nobody much many ever well back also too only
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
    advance d'avance bientot beaucoup infiniment encore help response reply assistance attention understanding patience aide comprehension retour
    name speaking calling writing disappointed unhappy pleased going trying not
    """)
"""Words that stand where a name could, and are none."""

_SPACE = r"[ \t\u00a0]+"
_LETTERS = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTERS}+(?:['’\-]{_LETTERS}+)*\.?")
_NEXT = re.compile(rf"{_SPACE}(?:(?:(?i:de la|de|du|des|le|la|van|von|der|den|el|al|ben|ould|da|dos|di){_SPACE}|(?i:d|l)['’]))*(?={_LETTERS})")  # fmt: skip
_PARTICLE = re.compile(
    rf"(?:(?:De La|De|Du|Des|Le|La|Van|Von|El|Al|Ben|de|du|van|von){_SPACE}|[DdL]['’])+(?=[A-ZÀ-Þ])"
)
_SMALL_PARTICLE = re.compile(
    rf"(?:(?i:de la|de|du|des|le|la|van|von|el|al|ben){_SPACE}|[DdL]['’])+(?={_LETTERS})"
)
_TITLE = re.compile(
    rf"(?<![^\W_])(?:(?P<short>(?i:mme|mlle|mrs|mr|dr|m)\.|(?i:mme|mlle|mrs|mr|dr)(?={_SPACE})|M[se]?(?={_SPACE}[A-ZÀ-Ý])|Mx\.?)|(?P<full>(?:(?i:monsieur|madame|mademoiselle|ma[iî]tre|docteur|mister|monsieur et madame)|Miss|Père|Sœur)(?={_SPACE})))(?:{_SPACE}(?i:et){_SPACE}(?i:mme|madame|m\.|monsieur|mr\.?))?[ \t\u00a0]*"
)
_INTRODUCED = re.compile(
    rf"(?i)(?<![^\W_])(?:je{_SPACE}m['’ ]?appell?e|je{_SPACE}me{_SPACE}nomme|mon{_SPACE}nom{_SPACE}(?:est|c['’]est)|mon{_SPACE}pr[ée]nom{_SPACE}est|au{_SPACE}nom{_SPACE}de|my{_SPACE}name(?:['’]s|{_SPACE}is)|(?:nom|pr[ée]nom|nom{_SPACE}et{_SPACE}pr[ée]nom|name|titulaire|b[ée]n[ée]ficiaire|contact)[ \t\u00a0]*:|(?:un|une){_SPACE}d[ée]nomm[ée]e?|(?:nomm[ée]e?|d[ée]nomm[ée]e?|pr[ée]nomm[ée]e?|s['’]appell?(?:e|ait)|du{_SPACE}nom{_SPACE}de|du{_SPACE}pr[ée]nom{_SPACE}de)|(?:named|by{_SPACE}the{_SPACE}name{_SPACE}of|goes{_SPACE}by))[ \t\u00a0]*"
)
_CALLED = re.compile(
    rf"(?i)(?<![^\W_])(?:je{_SPACE}suis|moi{_SPACE}c['’]est|c['’]est|ici|i{_SPACE}am|i['’]m|this{_SPACE}is|it['’]s|bonjour|bonsoir|hello|hi|hey|dear|ch[eè]re?|merci(?:{_SPACE}(?:beaucoup|infiniment|encore))?|merci{_SPACE}[àa]|thanks(?:{_SPACE}(?:to|so{_SPACE}much))?|thank{_SPACE}you|kudos{_SPACE}to|bravo(?:{_SPACE}[àa])?|gr[âa]ce{_SPACE}[àa]|remercie|f[ée]licitations{_SPACE}[àa]|de{_SPACE}la{_SPACE}part{_SPACE}de|sign[ée]e?|avec|par|with|by)[ \t\u00a0]*,?[ \t\u00a0]*"
)
_SPOKEN = re.compile(
    rf"(?i)(?<![^\W_])(?:(?:parl[ée]r?|parlais|discut[ée]r?|[ée]chang[ée]r?|affaire|trait[ée]|vu|re[cç]ue?)(?:{_SPACE}(?:au{_SPACE}t[ée]l[ée]phone|hier|longuement|ce{_SPACE}(?:matin|jour)))?{_SPACE}(?:[àa]|avec|par)|(?:spoke|spoken|talked|speaking|chatted|dealt|dealing|corresponded){_SPACE}(?:to|with)|(?:accueillie?|conseill[ée]e?|aid[ée]e?|servie?|contact[ée]e?|rappel[ée]e?|raccroch[ée]|trait[ée]e?|g[ée]r[ée]e?|suivie?){_SPACE}par|(?:helped|assisted|served|called|contacted|handled|hung{_SPACE}up{_SPACE}on){_SPACE}by)[ \t\u00a0]*"
)
_HAD = re.compile(rf"(?i)(?<![^\W_])(?:eu|joint|got|had)[ \t\u00a0]+(?=[^\n.]{{2,30}}?(?:au{_SPACE}(?:t[ée]l|bout)|en{_SPACE}ligne|on{_SPACE}the{_SPACE}(?:phone|line)))")  # fmt: skip
_ROLE = re.compile(
    rf"(?i)(?<![^\W_])(?:t[ée]l[ée]-?conseill[eè]re?|conseill[eè]re?|agente?|interlocut(?:eur|rice)|technicien(?:ne)?|vendeu(?:r|se)|coll[eè]gue|h[ôo]tesse|op[ée]rat(?:eur|rice)|livreur|livreuse|chauffeur|direct(?:eur|rice)|responsable|gestionnaire|charg[ée]e?{_SPACE}de{_SPACE}client[eè]le|assistante?|standardiste|manager|advis[eo]r|representative|rep|colleague|supervisor|technician|driver|operator|attendant|clerk|associate|employee|lady|guy|gentleman|woman|man|femme|homme|personne|dame|copain|mari|épouse|wife|husband|son|daughter|fils|fille)(?:{_SPACE}(?:du{_SPACE}service{_SPACE}client|nomm[ée]e?|named|called|by{_SPACE}the{_SPACE}name{_SPACE}of|pr[ée]nomm[ée]e?|appel[ée]e?))?[ \t\u00a0]*[,:]?[ \t\u00a0]*(?:\((?=[A-ZÀ-Ý][a-zà-ÿ]+\)))?[ \t\u00a0]*"
)
_SIGNED = re.compile(
    r"(?i)(?<![^\W_])(?:(?:bien\s+|tr[eè]s\s+)?cordialement|cdlt|cdt|bien\s+[àa]\s+vous|(?:sinc[eè]res\s+|meilleures\s+|mes\s+|vos\s+)?salutations(?:\s+distingu[ée]es|\s+les\s+meilleures)?|respectueusement|sinc[eè]rement|amicalement|(?:kind\s+|best\s+|warm\s+|many\s+)?regards|sincerely(?:\s+yours)?|yours\s+(?:truly|faithfully|sincerely)|cheers|[àa]\s+bient[ôo]t|sign[ée]|signed|bonne\s+(?:journ[ée]e|r[ée]ception|soir[ée]e)|best\s+wishes|love|merci(?:\s+d['’]avance|\s+beaucoup|\s+par\s+avance)?|thanks(?:\s+in\s+advance)?|thank\s+you)[ \t]*(?P<stop>[,.!:;\-–]*\s*\n\s*|[,.!:;\-–]+\s*|\s+)"
)
_AFTER = re.compile(
    rf"(?<![^\W_])(?P<who>{_LETTERS}+(?:['’\-]{_LETTERS}+)*)(?=[ \t\u00a0]*,?{_SPACE}(?:(?i:(?:ma|votre|la|une|un|mon|le|my|your|the|our){_SPACE})?(?i:conseill[eè]re?|t[ée]l[ée]conseill|interlocut)|(?i:à{_SPACE}votre{_SPACE}([ée]coute|service))|(?i:speaking)|(?i:du{_SPACE}service{_SPACE})|(?i:au{_SPACE}(?:t[ée]l[ée]phone|bout{_SPACE}du{_SPACE}fil))|(?i:from{_SPACE}(?:the|your|customer){_SPACE})|(?i:at{_SPACE}(?:the{_SPACE}desk|gate|counter)))|{_SPACE}(?i:m['’]a|m['’]avait|nous{_SPACE}a|nous{_SPACE}avait|told{_SPACE}(?:me|us)|helped|was{_SPACE}(?:so|very|great|super|amazing|awesome|fantastic|wonderful|rude|extremely|helpful)|a{_SPACE}(?:su|r[ée]solu|trait[ée]|pris|refus[ée]|raccroch[ée]|répondu)))"
)
_UPPER = "[A-ZÀ-ÖØ-Þ]"
TITLED = r"(?i)\b(m|mme|mlle|mrs|ms|mr|dr|mx|monsieur|madame|mademoiselle|ma[iî]tre|docteur|miss|mister|père)(\.\s*|\s+)[a-zà-ÿ]|\bM[e]? [A-ZÀ-Ý]"
INTRODUCED = r"(?i)m['’ ]?appel|me nomme|nom est|nom c|nom de|name['’]s|name is|name of|(nom|name|titulaire|b[ée]n[ée]ficiaire|contact)\s*:|\bune? (certaine?|d[ée]nomm)|nomm[ée]e?\b|s['’]appel|du pr[ée]nom|named|goes by"
SPOKEN = rf"(?i:parl|discut|chang|affaire|trait|re[cç]u|\bvu|accueilli|conseill|aid|servi|contact|rappel|raccroch|g[ée]r|suivi|spoke|talked|speaking|chatted|deal|correspond|helped|assisted|served|called|handled|hung|eu|joint|got|had)[^.!?\n]{{0,30}}[ \t]{_UPPER}"
ROLE = rf"(?i:conseill[eè]re?|agente?|interlocut(eur|rice)|technicien(ne)?|vendeu(r|se)|coll[eè]gue|h[ôo]tesse|op[ée]rat(eur|rice)|livreu(r|se)|chauffeur|direct(eur|rice)|responsable|gestionnaire|client[eè]le|assistante?|standardiste|manager|advis[eo]r|representative|\brep|supervisor|technician|driver|operator|attendant|clerk|associate|employee|lady|guy|gentleman|m[ae]n|femme|homme|personne|dame|copain|mari|épouse|wife|husband|son|daughter|fils|fille|client|nomm[ée]e?|named|called|of|appel[ée]e?)[ \t]*[,:(]?[ \t]*{_UPPER}"
SIGNED = r"(?i)cordialement|cdlt|\bcdt|bien [àa] vous|salutations|respectueusement|sinc[eè]re|amicalement|regards|cheers|yours |sign[ée]|wishes|(bient[ôo]t|journ[ée]e|soir[ée]e|r[ée]ception|avance|beaucoup|merci|thanks|thank you|love|advance)[ \t]*([,.!:;\-–]*\s*\n\s*|[,.!:;\-–]+\s*|\s+)\S+([ \t]+\S+){0,2}\s*$"
"""What a text holds in which an unknown name can be found (RE2)."""


class Names:
    """Finds names; ``known`` are those that a company gave (whole names, their parts count too)."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        whole: set[str] = set()
        words: set[str] = set()
        capital: set[str] = set()
        for name in known:
            parts = [part for part in re.split(r"[\s.,]+", folded(name)) if part]
            if len(parts) > 1:
                whole.add(" ".join(parts))
                whole.add(" ".join(reversed(parts)))
            for part in parts:
                if len(part) < 3 or part in _COMMON:
                    continue
                (capital if part in WORDS_TOO else words).add(part)
        self._whole = (
            re.compile(
                r"(?<![^\W_])(?:"
                + "|".join(
                    re.escape(one).replace(r"\ ", r"[\s.]+")
                    for one in sorted(whole, key=lambda one: (-len(one), one))
                )
                + r")(?![^\W_])"
            )
            if whole
            else None
        )
        self.capital = frozenset(capital)
        """Known names that are words too: names where a capital opens them."""
        self.sure = (GIVEN - WORDS_TOO) | words
        self.any = self.sure | WORDS_TOO | capital

    def finders(self) -> tuple[tuple[str, Callable[[str], Found]], ...]:
        """What may hold a name that no list knows (RE2), and what finds it."""
        return (
            (TITLED, lambda text: _Reader(text, self).titled()),
            (INTRODUCED, lambda text: _Reader(text, self).introduced()),
            (INITIALS, lambda text: _Reader(text, self).initialled()),
            (SPOKEN, lambda text: _Reader(text, self).spoken_to()),
            (ROLE, lambda text: _Reader(text, self).in_a_role()),
            (SIGNED, lambda text: _Reader(text, self).signed()),
        )

    def listed(self, text: str) -> Found:
        """Names in a text that holds a word of the lists."""
        reader = _Reader(text, self)
        if self._whole is not None:
            for match in self._whole.finditer(reader.small):
                yield match.start(), match.end(), "name"
        yield from reader.called()
        yield from reader.listed()


_INITIAL = re.compile(
    rf"(?<![\w.<])[A-ZÀ-Ý]\.(?:-?[A-Z]\.)?[ \t\u00a0]?(?=(?:(?i:de la|de|du|des|le|la|van|von|el|da){_SPACE})*[A-ZÀ-Ý][^\W\d_'’]*['’\-]?[^\W\d_])"
)
_TWICE = re.compile(
    rf"(?<![^\W_])(?i:je{_SPACE}suis|moi{_SPACE}c['’]est|i{_SPACE}am|i['’]m|this{_SPACE}is){_SPACE}(?=[A-ZÀ-Ý][a-zà-ÿ\-]+{_SPACE}(?:(?:de|du|le|la|van|von|el|ben|da|De|Du|Le|La|El|Ben|Da){_SPACE})*[A-ZÀ-Ý])"
)
_GREETED = re.compile(
    rf"(?i:bonjour|bonsoir|hello|hi|hey)[ ,!.\-]{{1,4}}(?:[Jj]e suis|[Mm]oi c['’]est|[Ii] am|[Ii]['’]m|[Tt]his is){_SPACE}(?=[A-ZÀ-Ý])"
)
_SOME = re.compile(rf"(?i)(?<![^\W_])une?{_SPACE}certaine?{_SPACE}")
INITIALS = r"(^|[^A-Za-z.<])[A-ZÀ-Ý]\.(-?[A-Z]\.)?\s?([a-zà-ÿA-Z]{2,3} )*[A-ZÀ-Ý]|(?i:une? certaine?|je suis|moi c.est|i am|i.m|this is)\s[A-ZÀ-Ý]"
_SHOUTED = 400
"""Characters that are enough to tell a text that is written in capitals."""


def _no_name(word: str) -> bool:
    """Whether a folded word is a common one, or a pronoun before its verb (« m'a », « s'est »)."""
    return word in _COMMON or (_ELIDED.match(word) is not None)


_ELIDED = re.compile(
    r"(?:[mstnjc]|qu)['’](?:a|ai|as|ait|avait|avais|avaient|avez|avons|ont|on|est|es|et\w*|en|y|ils?|elles?|app\w+|au\w*|att\w+|inscri\w+|hab\w+|envo\w+|expli\w+|indi\w+|occup\w+|arriv\w+|un\w*|adress\w+|aper\w+)$"
)


class _Reader:
    """One text, as it is written and folded; a text in capitals says nothing by its capitals."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.small, self.names = text, fold(text), names

    @cached_property
    def shouted(self) -> bool:
        """Whether the text is written in capitals."""
        start = self.text[:_SHOUTED]
        if start.count("e") > start.count("E"):
            return False
        letters = sum(map(str.isalpha, start))
        return letters > 12 and sum(map(str.isupper, start)) > 0.6 * letters

    def titled(self) -> Found:
        for match in _TITLE.finditer(self.text):
            if self.shouted and len(match[0].strip()) == 1:
                continue
            yield from self._taken(match.end(), free=match["short"] is not None, titled=True)

    def introduced(self) -> Found:
        for match in _INTRODUCED.finditer(self.text):
            yield from self._taken(match.end(), free=True, titled=True, introduced=True)

    def initialled(self) -> Found:
        """« K. Durand », and two capitals after « je suis »."""
        for match in _INITIAL.finditer(self.text):
            if not self.shouted:
                yield from ((match.start(), end, kind) for _, end, kind in self._taken(match.end()))
        for match in _GREETED.finditer(self.text):
            if not self.shouted:
                yield from self._taken(match.end())
        for match in _SOME.finditer(self.text):
            yield from self._taken(match.end())
        for match in _TWICE.finditer(self.text):
            if not self.shouted:
                yield from self._taken(match.end())

    def spoken_to(self) -> Found:
        for match in _SPOKEN.finditer(self.text):
            yield from self._taken(match.end())
        for match in _HAD.finditer(self.text):
            yield from self._taken(match.end())

    def in_a_role(self) -> Found:
        for match in _ROLE.finditer(self.text):
            yield from self._taken(match.end(), lists=True)

    def signed(self) -> Found:
        for match in _SIGNED.finditer(self.text):
            yield from self._signed(match)

    def called(self) -> Found:
        """Names of the lists where something beside them says that they are names."""
        for match in _CALLED.finditer(self.text):
            yield from self._taken(match.end(), listed=True)
        for match in _ROLE.finditer(self.text):
            yield from self._taken(match.end(), lists=True)
        for match in _SPOKEN.finditer(self.text):
            yield from self._taken(match.end())
        for match in _AFTER.finditer(self.text):
            start = match.start("who")
            word = self.small[start : match.end("who")]
            if word in self.names.sure or (
                word in self.names.any and (self._capital(start) or word in _PERSONAL)
            ):
                yield start, match.end("who"), "name"

    def listed(self) -> Found:
        """Names of the lists wherever they stand; those that are words too only before a surname."""
        for match in _WORD.finditer(self.text):
            start = match.start()
            word = self.small[start : match.end()].rstrip(".")
            parts = word.split("-")
            end = start + len(word)
            if word in self.names.sure or (len(parts) > 1 and all(part in self.names.any for part in parts)):
                end = self._on(end, lower=False)
                start = self._surname_before(start)
            elif word in self.names.capital and self._capital(start):
                end = self._on(end, lower=False)
            elif word in WORDS_TOO and self._capital(start) and not self.shouted:
                further = self._on(end, lower=False)
                if further == end or start == 0:
                    continue
                end = further
            else:
                continue
            yield start, end, "name"

    def _taken(
        self,
        at: int,
        *,
        free: bool = False,
        titled: bool = False,
        listed: bool = False,
        lists: bool = False,
        introduced: bool = False,
    ) -> Found:
        """The name that stands at a place, if one does.

        ``free``: any word that is not a common one will do, in small letters too. ``titled``: a word that is not common
        will do. ``listed``: only a word of the lists. ``lists``: a word of the lists, or a capital followed by the end or a verb.
        """
        begin = at
        particle = (_SMALL_PARTICLE if free and titled else _PARTICLE).match(self.text, at)
        if particle is not None and not self.shouted:
            at = particle.end()
        match = _WORD.match(self.text, at)
        if match is None:
            return
        word = self.small[at : match.end()].rstrip(".")
        end = at + len(word)
        first = word.split("-")[0]
        known = word in self.names.any or first in self.names.any
        sure = word in self.names.sure or first in self.names.sure
        if _no_name(word) or (len(word) == 1 and not titled):
            return
        capital = self._capital(at)
        if listed:
            good = sure or (known and capital)
        elif free:
            good = True
        elif titled:
            good = capital or known or (len(word) > 2 and not self._verb(word))
        elif lists:
            good = sure or (capital and not (len(word) < 5 and self.text[at:end].isupper()))
        else:
            good = capital or sure
        if not good:
            return
        if len(word) == 1 and self.text[end : end + 1] == ".":
            end += 1
        yield (
            begin,
            self._on(end, lower=(titled and (known or free)) or sure, free=free and titled and introduced),
            "name",
        )

    def _on(self, end: int, *, lower: bool, free: bool = False) -> int:
        """Where a name ends that goes on with capitals, or (``lower``) with one more word before a stop, ``free`` with any."""
        for _ in range(3):
            gap = _NEXT.match(self.text, end)
            if gap is None:
                break
            match = _WORD.match(self.text, gap.end())
            if match is None:
                break
            word = self.small[match.start() : match.end()].rstrip(".")
            if _no_name(word):
                break
            stop = match.start() + len(word)
            if self._capital(match.start()):
                end = stop + (1 if len(word) == 1 and self.text[stop : stop + 1] == "." else 0)
            elif lower and (
                free or word in self.names.sure or self.text[stop : stop + 1] in ("", *",.;:!?)\n")
            ):
                end, lower = stop, False
            else:
                break
        return end

    def _surname_before(self, start: int) -> int:
        match = re.search(
            rf"(?<![^\W_])([A-ZÀ-Ý]{{2,}}(?:-[A-ZÀ-Ý]+)?){_SPACE}\Z", self.text[max(0, start - 40) : start]
        )
        if match is None or self.shouted or fold(match[1]) in _COMMON:
            return start
        return start - len(match[0])

    def _signed(self, match: re.Match[str]) -> Found:
        """One to three words that close a text or a line after a closing formula."""
        at = match.end()
        strong = "\n" in match["stop"] or bool(match["stop"].strip()) or match[0][:1] in "cCsSrRyYàÀaA"
        end, count = at, 0
        known = False
        while count < 4:
            word = _WORD.match(self.text, end)
            if word is None:
                break
            small = self.small[end : word.end()].rstrip(".")
            if _no_name(small):
                break
            known = known or small in self.names.any
            count += 1
            end += len(small) + (1 if len(small) == 1 and self.text[end + 1 : end + 2] == "." else 0)
            gap = _NEXT.match(self.text, end)
            if gap is None:
                break
            end = gap.end()
        end = at + len(self.text[at:end].rstrip())
        rest = self.text[end:].lstrip(" \t.!,)")
        capital = self._capital(at)
        closes = 0 < count < 4 and (not rest or rest[0] in "\n<")
        sure = known or (strong and (capital or self.shouted or not rest))
        if (closes and sure) or (count and known and capital):
            yield at, end, "name"

    def _capital(self, at: int) -> bool:
        return not self.shouted and self.text[at : at + 1].isupper()

    @staticmethod
    def _verb(word: str) -> bool:
        return bool(_VERBAL.search(word))


_VERBAL = re.compile(r"(?:ez|er|ir|ant|ment|tion|able|ible|eux|euse|ique|iste|ing|ed|ly)$")
_PERSONAL = listed(
    "ange aurore blanche charlotte christian claire clemence clement constance florence grace iris jasmine jean laurence marine marina martin max olive pascal pierre prudence rose tom valentin valentine victor violette jack mark bill frank"
)
"""Given names that are words too, and yet rarely the subject of « m'a répondu » as words."""
