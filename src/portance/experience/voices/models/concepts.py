"""What customers talk about, word by word, in French and in English: the same concept whatever the language or the trade.

Written by hand; travel and insurance are better served than other trades. It lets a reader learn from few sentences (a word never labelled still counts for
its concept), joins both languages in the base, and sees what two concepts mean together («bag» and «broken»).
Words are folded (lower case, no accents); a final ``*`` stands for any ending. A word may belong to several concepts.
"""

from functools import lru_cache

CONCEPTS: dict[str, str] = {
    # time and waiting
    "wait": "wait waits waited waiting attend attends attendre attendu attendons attente attentes patient* patience await*",
    "late": "late later delay delays delayed delaying overdue behind retard retards retarde* tard tarder tarde slow slowly lent lente lents lentes lenteur longtemps",
    "hours": "hour hours hr hrs heure heures minute minutes min mins minutos jour jours day days week weeks semaine semaines mois month months",
    "cancelled": "cancel* cancell* annul* resil* terminat*",
    "queue": "line lines queue* file files queueing crowd* standing",
    "early": "early soon quick* fast prompt* rapid* vite rapide immediat* instant*",
    "again": "again encore back twice repeat* relanc* reiter* several plusieurs still toujours third fois times",
    "missed": "miss missed missing misses rate ratee rater manque manquer manquee connection connections connecting connect correspondance layover",
    "stuck": "stuck strand* bloqu* coinc* trapped sitting tarmac runway gate gates",
    # ways to reach somebody
    "phone": "phone* call calls called calling caller telephon* appel appels appele appeler rappel* dial* ring rang hung hang hangup",
    "hold": "hold holding onhold music musique busy hung disconnect* raccroch* injoignable* joindre joignable reach reached unreachable standard",
    "mail": "email* mail mails mailed courriel* courrier* lettre letter* message* dm dms tweet* reply replied",
    "answer": "answer* respond* response* reply replies repond* repons* silence ignore* ignor*",
    "website": "website* site sites web online page pages internet app apps application appli login log password motdepasse espace compte account browser server bug bugs error erreur glitch*",
    "machine": "automated robot* bot bots chatbot* recording machine* automati* kiosk",
    "shop": "shop store boutique* magasin* agence* branch* counter desk guichet",
    # people
    "service": "service services cs customer customers support help helped helping aide aider assist* assistance clientele client clients",
    "staff": "staff agent agents rep reps representative* employee* employe* personnel conseiller* conseillere* advisor* adviser* operator* worker* crew team equipe* interlocuteur* manager* supervisor* attendant* steward* stewardess hostess technicien* technician* expert experts courier driver livreur* captain pilot pilots",
    "rude": "rude rudely rudeness impoli* desagreable* agressi* aggressi* attitude disrespect* unprofessional* incompeten* arrogan* mepris* unfriendly yell* yelled scream* snapped nasty mean bully insult* unhelpful hostile unwilling lazy condescending",
    "kind": "kind kindly friendly nice polite* courteous gentil* aimable* sympath* agreable* accueil* accueill* welcom* professional* professionnel* competent* helpful ecoute* attenti* serviable* pleasant* reactif* reactiv* disponib* charming sweet",
    "information": "inform* informe* information* update* updates notified notif* communicat* explain* expliqu* explication* told tell telling clear* clair* unclear notice announce*",
    "promise": "promis* engag* guarante* garant* suppose* supposed pretend* claimed",
    "lie": "lie lies lied lying mensonge* menteur* ment mentent arnaqu* scam* fraud* escro* voleur* vol malhonnet* dishonest* tromp* mislead* abus* abusif",
    # goods and money
    "luggage": "bag bags baggage luggage suitcase* valise* bagage* carryon stroller claim belt carousel gatecheck",
    "parcel": "parcel* package* colis livr* deliver* shipping shipment ship shipped expedi* order ordered orders command*",
    "lost": "lost lose loses losing lost find found perdu* perd perdre egare* disappear* introuvable* where located locate missing tracking whereabouts",
    "damaged": "damag* broke broken break* crack* destroy* smash* rip ripped torn tore wet soaked ruin* dent dented scratch* cass* abim* endommag* brise* deteri* defect* defectu* panne* hs crushed mangled ransacked",
    "stolen": "stole stolen theft steal stealing vole volee thief",
    "price": "price* pric* prix cost costs tarif* cher chere chers expens* expensive cheap* fee fees charge charged charges charging augment* hausse* increase* rate* cotisation* prime primes facture* bill billed billing invoice* montant* euro euros usd cents",
    "goodprice": "attracti* competiti* abordable* interessant* affordable raisonnable* reasonable economi* imbattable* avantageu* bonmarche deal",
    "refund": "refund* rembours* reimburs* compensat* indemnis* voucher* credit credits avoir dedommag* money repay* owed owe geste",
    "payment": "pay paid pays paying payment* payer paye paie paiement* prelev* debit* card cards carte carte bancaire bank banque virement* iban cheque*",
    "contract": "contract* contrat* policy police clause* garantie* conditions terms souscri* subscri* adher* adhesion* mutuelle* assur* insur* couvert* cover* devis quote* renew* renouvel*",
    "claim": "sinistre* accident* dossier* claims expertise* degat* inondation* incident* case ticket tickets declar* constat franchise",
    "booking": "book booked booking* rebook* reserv* reservation* itinerary confirm* confirmation* purchase* buy bought website ticket tickets change changed upgrade* fare fares checkin passport frequent miles points mileage rewards award status reschedul* rescheduled",
    "flight": "flight* flt flights vol vols plane planes aircraft avion* train* trip voyage* travel* airline* airport* landed landing boarding boarded board takeoff depart* arriv*",
    "seat": "seat seats seated seating siege* place legroom row middle aisle window comfort* inconfort* uncomfortable cramped broken cabin",
    "food": "food meal meals snack* drink* water wine coffee repas boisson* manger hungry peanut* pretzel* beverage* sandwich*",
    "comfort": "wifi wi-fi internet tv entertainment movie movies screen screens outlet power ac heat hot cold freez* temperature turbulence smell* smelly stink* dirty filthy clean propre sale toilet* bathroom* lavatory toilettes bumpy noise bruit noisy old outdated",
    "mechanical": "mechanic* maintenance technical techni* repair* repar* part parts engine fuel deic* deicing ice weather snow storm neige meteo",
    "quality": "qualit* product* produit* article* item items",
    "paper": "document* papier* piece* justificat* formulaire* form forms paperwork attestation* file administrat* demarche* procedure*",
    "line_start": "checkin check security boarding tsa customs bagdrop line unload unloading deplane",
    # how it is said
    "good": "good great excellent* awesome amaz* perfect* parfait* super top bien bon bonne bons bonnes best love loved wonderful fantastic satisf* content contente contents ravi ravie happy pleased genial* formidable* merci thank thanks recommande conseille impecc* efficace* simple simpl* easy facile* thx appreciate*",
    "bad": "bad terrible* horrible* horribl* awful* worst worse poor* pire mauvais* nul nulle nuls lamentable* honteu* honte scandal* inadmissible* inaccept* unaccept* deplorable* catastroph* fuir avoid disgrace* disgust* pathetic* ridicul* joke shame* suck* fail* failure epic sad hate* hell nightmare cauchemar* decu* decev* deception* disappoint* annoy* frustrat* unhappy angry furious furieu* useless inutile* crap horrendous",
    "not": "not no never none nothing nobody neither cannot cant wont dont doesnt didnt isnt wasnt arent werent couldnt wouldnt shouldnt hasnt havent aint n't without ne pas jamais aucun aucune rien personne sans ni non plus",
    "leave": "leave leaving left switch* quit quitt* partir pars pars changer changing last never goodbye bye adieu concurren* competitor* elsewhere ailleurs",
    "middling": "moyen* correct correcte* average mediocre* passable* okay ok dommage malgre despite but mais cependant however toutefois although seulement hormis sauf bemol",
    "suggest": "should could would suggest* wish please suggest idea devrait devriez devraient pourrait pourriez souhait* aimerai* ameliorer improve* proposer add ajouter faudrait",
    "question": "how why when what where who which can could comment pourquoi quand quoi combien qui quel quelle est-ce",
}


def _patterns() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Whole words, and beginnings, each with the concepts that they belong to."""
    whole: dict[str, list[str]] = {}
    beginnings: dict[str, list[str]] = {}
    for concept, words in CONCEPTS.items():
        for word in words.split():
            place = beginnings if word.endswith("*") else whole
            known = place.setdefault(word.rstrip("*"), [])
            if concept not in known:
                known.append(concept)
    return {w: tuple(c) for w, c in whole.items()}, {w: tuple(c) for w, c in beginnings.items()}


_WHOLE, _BEGINNINGS = _patterns()
_SHORTEST, _LONGEST = min(map(len, _BEGINNINGS)), max(map(len, _BEGINNINGS))


@lru_cache(maxsize=200_000)
def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts of one folded word, most often none."""
    found = list(_WHOLE.get(word, ()))
    for size in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found.extend(one for one in _BEGINNINGS.get(word[:size], ()) if one not in found)
    return tuple(found)
