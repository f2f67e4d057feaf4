"""A starter lexicon of what pleases and what displeases, in French and in English, written by hand.

Words are folded (lower case, no accents); a final ``*`` stands for any ending. Strong ones count twice. A negation turns
the words that follow it within its clause, what follows «but» counts more than what came before it, emoji count as words.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from portance.experience.voices.models.words import NEGATIONS, words

Floats = npt.NDArray[np.float64]

PLEASED_STRONGLY = (
    "excellent* parfait* perfect* super superbe* formidable* genial* geniale amaz* awesome fantasti* wonderful* outstanding "
    "impecc* irreproch* exceptional* exceptionnel* ravi ravie ravis enchant* love loved loves adore* best meilleur* brilliant "
    "delight* top bravo kudos flawless* imbattable* remarquable* stellar incredible thrilled rocks rock yay hourra ❤ 😍 🥰 🎉 👏 💕 💙 💗 😘 "
    "terrific marvel* splend* superb sublime tremendous* merveil* magnifique* exemplaire* epoustoufl* felicit* stoked lifesaver hero heroes legend favorite favourite luv thankful grateful "
)
PLEASED = (
    "good bon bonne bons bonnes great nice bien happy content contente contents satisf* pleas* pleased merci thank thanks thx "
    "thankyou recommand* recommend* conseille facile* easy easily simple simpl* rapid* quick* fast prompt* efficace* efficac* effic* "
    "efficient* effective sympath* gentil* aimable* agreable* friendly courteous polite* helpful kind kindly professional* professionnel* "
    "competent* clair clairs claire* clear clearly reactif* reactiv* disponib* ecoute attenti* appreci* appreciate* enjoy* "
    "interessant* attracti* competiti* avantageu* abordable* affordable raisonnable* reasonable fiable* reliable confiance trust* "
    "serieu* solid* confort* comfortable smooth* pratique* convenient fluid* resol* solved fixed helped fidel* loyal glad better mieux "
    "improved cool fun beautiful worth pleasure plaisir welcome accueill* rassur* reassur* correct correcte* positif* positive* "
    "qualite cheers excited impressed hopefully win wins won congrats 😊 🙂 😀 😃 😄 😁 👍 🙏 😎 ☺ 💜 💯 ✈ "
    "lovely sweet kindness gracious* caring thoughtful* considerate generous* genereu* warm warmly chaleureu* cordial* courtois* poli polie polis prevenan* bienveillan* souriant* sourire* smile* smiling charm* patient patiente patients diligent* hospitab* accommodating responsive swift* speedy seamless* effortless* painless intuiti* ergonomi* fluide* facilit* simplicite honnete* honest honestly transparen* respectueu* humain humaine utile* useful pertinent* judicieu* ideal* optimal* nickel extra chouette chapeau remerci* gratitude reconnaissan* heureu* joie joy enjoyed proud fier fiere relief relieved soulag* serein* tranquill* zen gratuit* economi* "
    "clean spacious tasty delicious yum yummy congratulations success* saved lol haha hahaha wow classy cute hilarious wonders blessed safe safely safer "
)
DISPLEASED_STRONGLY = (
    "terrible* horrible* horribl* awful* worst pire pires nul nulle nuls nulles lamentable* honteu* honte scandal* inadmissible* "
    "inaccept* unaccept* deplorable* catastroph* fuir arnaqu* arnaque* scam* escro* voleur* fraud* incompeten* disgust* pathetic* "
    "disgrace* ridicul* suck* hate* hell nightmare cauchemar* furieu* furious outrag* useless horrend* abysmal dreadful* appalling "
    "mepris* malhonnet* mensong* menteur* liar* lied fiasco crap bullshit wtf fuck* shit* damn bordel foutag* foutent minable* merd* abus* "
    "abusif* revolt* ignoble* insupportable* atrocious fail fails failed failure 😡 😠 🤬 😤 👎 💩 😭 "
    "disaster* desastr* calvaire enfer abominable abject* atroce* pitoyable* pathetique* degout* ecoeur* indigne* insult* humiliat* infuriat* livid fuming rage raging pissed crappy garbage rubbish trash lousy horrid nasty robbery robbed ripoff ripped deceiv* deceit* misled mislead* dishonest* cheat* steal* stole* stolen piege* trahi* trompe trompes trompee trompees tromper trompeu* harcel* unbeliev* insane idiot* moron* dumb worthless laughable appalled exasper* furax "
)
DISPLEASED = (
    "bad badly poor* mauvais* mal decu decus decue* decev* deception* disappoint* annoy* frustrat* frustr* angry upset unhappy mecontent* "
    "insatisf* dissatisf* problem* probleme* issue* souci* trouble* difficil* difficult* complique* complicated impossible* refus* denied deny "
    "late delay* retard* attend* attente waiting waited wait slow* lent lente lenteur* long longs longue annul* cancel* cancell* resili* lost lose losing "
    "perdu* perd* miss missed missing broken broke damag* casse* panne* bug* error* erreur* erron* wrong faux fausse* cher chere chers "
    "expensive overpriced hausse* augment* increase* rude* impoli* desagreable* agressi* unprofessional* ignor* injoignable* unreachable "
    "raccroch* hung disconnect* stuck stranded bloqu* relanc* toujours plainte* complain* reclam* litige* contest* regret* dommage malheureu* unfortunately sad sadly "
    "horror joke shame stupid* ridiculous lack* manque* jamais aucun aucune personne rien never nobody nothing worse avoid eviter evitez quitt* leave "
    "dirty sale smell* stink* ruin* waste* forced unable charged penalis* menac* lourd* lente* inefficace* inutile* still again hours hour wtf ugh "
    "smh unhelpful inconfort* uncomfortable unorganized disorgani* mess chaos confus* suspendu* radie* bafou* attente* 😞 😒 😔 😢 😩 😑 😕 🙁 ☹ 💔 😫 😣 "
    "hassle* headache* pain painful penib* struggle* galere* fight* argue* argument hostile yell* scream* shout* cry crying tears panic* scared scary fear* peur worr* inquiet* anxious angoiss* stress* desperate* desempar* hopeless* helpless* pointless nonsense embarrass* dismay* shock* irrit* agac* enerv* colere fache* mad aggravat* sick tired fed fatig* exhaust* epuis* lasse ras ugly filthy gross rotten freezing cramped crowded noisy bruyant* defect* defaill* faulty malfunction* dysfonction* glitch* crash* plantage* unreliable inconsistent incoheren* incorrect* inaccurate anormal* anomal* understaffed overcharg* surfactur* exorbitant* excessi* prohibiti* overbook* oversold bumped inconvenien* inconsiderate careless* negligen* neglect* abandon* delaiss* oubli* forgot* forgotten clueless uninformed misinform* lazy laxis* arrogan* hautain* condescending dismissive indifferen* unfriendly insolen* irrespect* unfair* injust* unsafe dangerous hazard* wreck* destroy* tragic* crazy absurd* aberrant* mediocre* incapab* degat* deterior* degrad* abime* vetust* opaque* obscur* rejet* reject* threat* triste* regrett* helas nope smfh fml overlook* bacl* hallucin* decourag* discourag* dreading "
)
STRENGTHENING = frozenset(
    [
        "very",
        "really",
        "so",
        "too",
        "extremely",
        "absolutely",
        "totally",
        "completely",
        "tres",
        "vraiment",
        "trop",
        "si",
        "extremement",
        "totalement",
        "absolument",
        "completement",
        "plus",
    ]
)
TURNING = frozenset(["but", "however", "although", "though", "mais", "cependant", "toutefois", "pourtant"])
SPAN = 3
"""How many words after a negation it still turns: «ne … pas bien», «not at all happy»."""


def _weights() -> tuple[dict[str, float], dict[str, float]]:
    whole: dict[str, float] = {}
    beginnings: dict[str, float] = {}
    for words_, weight in (
        (PLEASED, 1.0),
        (DISPLEASED, -1.0),
        (PLEASED_STRONGLY, 2.0),
        (DISPLEASED_STRONGLY, -2.0),
    ):
        for word in words_.split():
            (beginnings if word.endswith("*") else whole)[word.rstrip("*")] = weight
    return whole, beginnings


_WHOLE, _BEGINNINGS = _weights()
_LONGEST = max(map(len, _BEGINNINGS))


@lru_cache(maxsize=200_000)
def weight_of(word: str) -> float:
    """What one folded word weighs: +2, +1, -1, -2, or nil; the longest entry that fits it decides."""
    if word in _WHOLE:
        return _WHOLE[word]
    for size in range(min(len(word), _LONGEST), 2, -1):
        if word[:size] in _BEGINNINGS:
            return _BEGINNINGS[word[:size]]
    return 0.0


COLUMNS = ("pleased", "displeased", "balance", "last", "turned", "marks", "questions", "size")


def tone(folded_text: str) -> tuple[float, ...]:
    """What the lexicon finds in one folded text, in the order of ``COLUMNS``, each about 0 to 1 in size.

    ``balance`` is (pleased - displeased) / (pleased + displeased + 1); ``last`` the same of the second half of the words.
    """
    found = words(folded_text)
    pleased = displeased = late_pleased = late_displeased = 0.0
    turned = marks = questions = 0
    negated, strength, heavier = -SPAN - 1, 1.0, 1.0
    for place, word in enumerate(found):
        marks += word[0] == "!"
        questions += word[0] == "?"
        if word in TURNING:
            heavier, negated = 1.5, -SPAN - 1
        weight = weight_of(word) * strength * heavier
        strength = 1.5 if word in STRENGTHENING else 1.0
        if weight and place - negated <= SPAN and word not in NEGATIONS:
            weight, turned = -0.7 * weight, turned + 1
        if word in NEGATIONS:
            negated = place
        pleased, displeased = pleased + max(weight, 0.0), displeased + max(-weight, 0.0)
        if 2 * place >= len(found):
            late_pleased, late_displeased = (
                late_pleased + max(weight, 0.0),
                late_displeased + max(-weight, 0.0),
            )
    return (
        min(pleased / 6, 1.0),
        min(displeased / 6, 1.0),
        (pleased - displeased) / (pleased + displeased + 1),
        (late_pleased - late_displeased) / (late_pleased + late_displeased + 1),
        min(turned / 3, 1.0),
        min(marks / 3, 1.0),
        min(questions / 2, 1.0),
        min(len(found) / 100, 1.0),
    )


def tones(folded_texts: list[str]) -> Floats:
    """``tone`` of each text: (texts, columns)."""
    return np.array([tone(text) for text in folded_texts], dtype=np.float64).reshape(-1, len(COLUMNS))
