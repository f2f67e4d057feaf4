"""The irritants of any customer relationship, and the words by which they are known: a list to start from.

The charter bends it: an irritant of another name is added, one of the same name replaces it, ``off`` leaves it out.
How patterns are written: :mod:`portance.experience.voices.lexicon`.
"""

from dataclasses import dataclass

from portance.charter.declared import Text
from portance.charter.voices import Irritant, Voices, Words


@dataclass(frozen=True, slots=True)
class Topic:
    """One irritant: what it is called in both languages, and its patterns, one a line."""

    fr: str
    en: str
    in_french: str
    in_english: str


STARTER: dict[str, Topic] = {
    "delay": Topic(
        "Retard", "Delay",
        """retard* ; en retard ; toujours pas recu|recue|recus|livre|livree|arrive|arrivee ; pas encore recu|recue|livre|livree|arrive|arrivee ; delai* .. pas respect* ; delai* trop long|longs ; delai* interminable* ;
        delai* de traitement ; ~delai* ; trop lent|lente|lents ; lenteur* ; trop long|longue ; traine|trainent ; tarde|tardent ; plus de .. semaines|mois ; depuis .. semaines|mois|jours ; prend|prennent .. temps ; des mois que ; des semaines que ; au bout de .. mois|semaines""",
        """delay* ; late ; still not received|arrived|delivered ; still waiting ; hasn|haven|not|t arrived ; taking|takes|took forever ; taking|takes|took too|so long ; too|so slow ; slow* ; hours|days|weeks late ; behind schedule ;
        sitting|stuck .. tarmac|runway|plane|gate ; missed .. connection|connecting|flight ; weeks|months|days ago ; for weeks|months ; running late ; overdue""",
    ),
    "no_answer": Topic(
        "Pas de réponse", "No answer",
        """sans reponse* ; pas de|eu reponse|retour|nouvelles ; aucun|aucune reponse|retour|nouvelle|nouvelles|suite ; jamais .. reponse|retour|repondu|rappele|rappelee|recontacte|recontactee ; pas repondu ; ne repond|repondent pas|jamais|plus ;
        personne ne repond|rappelle ; ne rappelle|rappellent pas|jamais ; reste|restent|restes|restees sans reponse|suite ; sans nouvelle|nouvelles ; laisse|laissent sans reponse ; n .. pas repondu|rappele ; silence radio ; lettre morte ; fait|font le mort ; sans suite""",
        """no reply|response|answer|callback|update|updates|call ; never .. reply|replied|respond|responded|answer|answered|called|heard ; not|t .. responded|replied|answered|respond|reply|answer|called ; no one answers|responds|replies|answered|called ;
        ignored ; ignoring ; unanswered ; t heard ; without .. reply|response|answer ; radio silence ; nobody answers|responds|called ; no call back ; still no answer|response|reply ; waiting .. reply|response""",
    ),
    "long_wait": Topic(
        "Attente trop longue", "Long wait",
        """attente* ; minutes d attente ; temps d attente ; heure|heures d attente ; attendre .. heures|heure|minutes ; attendu .. heures|heure|minutes ; file|files d attente ; patienter ; fait attendre|patienter ; la queue ; heures au telephone ; musique d attente""",
        """on hold ; hold for ; hold time* ; hours|hour|minutes|mins|min on hold ; holding for ; wait|waited|waiting .. hours|hour|minutes|mins|hrs ; long wait|line|lines|queue|queues ; wait|waiting time* ; wait|waited|waiting .. too long ; the queue ; been waiting ; been on hold ; waiting in line ; hour wait""",
    ),
    "unresolved": Topic(
        "Problème non résolu", "Problem not solved",
        """pas resolu|resolue|resolus|regle|reglee ; non resolu|resolue|regle ; pas de solution ; aucun|aucune solution ; toujours .. meme probleme|point|panne ; rappeler|appeler|appele|rappele|relance|relancer plusieurs|deux|trois|quatre|dix fois ; plusieurs|multiples|nombreux|nombreuses|enieme appels|relances|mails|courriers|reclamations|tentatives ; malgre .. appels|relances|mails|courriers ; sans solution|effet ; n a|ont rien fait|resolu|change ; recommence*; en vain""",
        """not|never|t|still solved|resolved|fixed|sorted ; unresolved ; unsolved ; no solution|resolution ; same problem|issue again ; call|called|calling back several|many|multiple|two|three ; several|multiple|many|numerous calls|emails|times|attempts ; not .. solved|resolved|fixed ; no avail ; keeps happening""",
    ),
    "asked_again": Topic(
        "Obligé de se répéter", "Having to repeat oneself",
        """repeter ; re expliquer ; reexplique* ; redemande* ; tout expliquer .. fois ; raconter .. fois ; encore|chaque fois .. expliquer ; deja envoye|envoyee|fourni|fournis|transmis|donne ; renvoyer .. documents|pieces|papiers|dossier ; meme|memes documents|pieces|questions ;
        toujours .. documents|pieces supplementaires ; reclame* .. deja ; nouveau .. document|documents|piece|justificatif""",
        """repeat myself ; repeat .. story|information|details ; explain .. again|over|times ; already sent|provided|gave|told|explained ; same questions|question|information|documents|details ; asked again ; over and over ; start over ; start again ; resend ; third|fourth|fifth time""",
    ),
    "transferred": Topic(
        "Renvoyé d'un service à l'autre", "Passed around",
        """transfere* ; bascule* ; renvoie|renvoient|renvoye|renvoyee .. service*|autre|autres ; balade|balader|baladee|baladent ; ballotte* ; d un service a ; ping pong ; se renvoient la balle ; renvoie|renvoient la balle ; interlocuteur* different* ; jamais le|la meme interlocut*|personne|conseiller ; pas le bon service ; plusieurs interlocuteur*""",
        """transferred ; transfer me ; passed around|from ; pass the buck ; sent .. another department ; different department|departments|people|person|agents ; bounced ; wrong department ; run* around ; given the runaround ; back and forth""",
    ),
    "billing": Topic(
        "Erreur de facturation", "Billing error",
        """erreur* de facturation|facture|prelevement ; facture .. deux fois|tort ; surfactur* ; preleve|prelevee|preleves|prelever .. deux fois|tort|encore|toujours|sans ; double prelevement|facturation|facture|paiement ; debite* .. deux fois|tort|sans ; ~prelevement* ; ~prelev* ; ~factur* ; ~echeancier ; trop percu ; indu ; mise en demeure ; huissier ; recouvrement""",
        """charged twice|again|me ; double charged|billed|charge ; overcharg* ; wrongly|incorrectly charged|billed ; wrong bill|invoice|amount ; billing error|issue|problem ; ~charged ; ~billed ; ~invoice* ; ~bill ; ~billing ; ~direct debit ; unauthorized charge*""",
    ),
    "price": Topic(
        "Prix trop élevé ou en hausse", "Price too high or rising",
        """trop cher|chere|chers|cheres ; tres cher|chere ; hors de prix ; augment* ; hausse* ; prix|tarif|tarifs|cotisation|cotisations .. augmente|augmentent|explose|eleve|eleves|elevee|elevees|exorbitant* ; exorbitant* ; plus cher|chere ; ~prix ; ~tarif* ; ~cotisation* ; ~cher ; ~chere ; excessif|excessive|excessifs ; arnaque* .. prix ; pas competitif*""",
        """too expensive ; so expensive ; very expensive ; overpriced ; price increase* ; price hike* ; increas* .. price*|premium*|rate* ; prices|premiums|price|premium .. increase*|up|high ; rip off ; ripoff ; ~expensive ; ~price* ; ~premium* ; ~pricey ; exorbitant ; ~cost* ; ~more expensive""",
    ),
    "refund": Topic(
        "Remboursement", "Refund",
        """~rembours* ; rembours* jamais|pas ; rembours* toujours pas ; pas|jamais|non rembours* ; toujours pas .. rembours* ; attend* .. remboursement ; refus* .. rembours*|indemnis* ; ~indemnis* ; ~dedommag* ; ~avoir .. euros ; ~geste commercial ; ~franchise ; non prise en charge ; refus* .. prise|prendre en charge ; pas pris|prise en charge ; rendre .. argent ; recuperer .. argent""",
        """~refund* ; no refund ; want|need|get .. money back ; ~reimburs* ; ~compensat* ; waiting .. refund ; refus* .. refund|pay ; ~voucher* ; money back ; not|t .. refund|reimburse ; denied .. claim ; claim .. denied|refused""",
    ),
    "cancellation": Topic(
        "Annulation ou résiliation", "Cancellation",
        """~annul* ; ~resili* ; impossible de|d resilier|annuler ; radi* ; refus* .. resili*|annul* ; commande|vous|rdv|reservation annule|annulee|annules|annulees ; resilie|resiliee|resilier .. sans|abusive* ; resiliation abusive""",
        """cancel* flight*|flt|order|booking|reservation ; flight*|flights|flt cancel* ; was|were|been|got cancel* ; ~cancel* ; cannot|t cancel ; keeps cancel* ; ~unsubscrib* ; terminat* .. contract|policy""",
    ),
    "damaged": Topic(
        "Produit abîmé ou en panne", "Damaged or defective",
        """abime* ; casse|cassee|casses|cassees ; endommage* ; defectueu* ; en panne ; tombe|tombee|tombent en panne ; ne fonctionne|marche|fonctionnent|marchent pas|plus ; mauvaise qualite ; pas conforme* ; non conforme* ; incomplet|incomplete ; manquant|manquante|manquants ; dechire* ; raye|rayee ; hors service ; hs ; rouille* ; moisi*""",
        """damaged ; damage to ; broken ; broke ; defective ; faulty ; not|t|stopped work|working ; out of order ; poor quality ; missing part* ; wrong item|product|size ; torn ; cracked ; ruined ; scratched ; dirty ; leaking""",
    ),
    "lost": Topic(
        "Colis ou bagage perdu", "Lost parcel or luggage",
        """perdu .. colis|bagage*|valise*|courrier|dossier|commande ; colis|bagage*|valise*|courrier|dossier|commande .. perdu|perdue|perdus|egare|egaree|introuvable|disparu|vole ; egare* ; introuvable ; jamais recu|recue|livre|livree|arrive|arrivee ; non livre|livree|recu ; ~livraison*""",
        """lost .. bag*|luggage|parcel|package|order|suitcase|baggage|item|items ; bag*|luggage|baggage|parcel|package|order|suitcase .. lost|missing|stolen ; ~luggage ; ~baggage ; ~bags ; ~bag ; never arrived|received|delivered|came ; misplaced ; left .. plane|behind ; lost and found""",
    ),
    "treatment": Topic(
        "Façon d'être traité", "How one is treated",
        """desagreable* ; impoli* ; malpoli* ; irrespect* ; manque de respect ; mal recu|accueilli|accueillie|parle|traite|traitee ; raccroche au nez ; raccroche ; agressif|agressive|agressivite ; hautain|hautaine ; meprisant|meprisante|mepris ; incompeten* ; pas aimable* ; aucun|aucune empathie|professionnalisme|respect|ecoute|competence ; mauvais accueil ; pas professionnel* ; se moque|moquent|foutent|fout ; prend|prennent pour ; insupportable* ; menteu* ; mensonge* ; ment|mentent ; nul|nulle a l ecoute""",
        """rude ; rudeness ; unfriendly ; disrespect* ; unprofessional ; hung up ; attitude ; impolite ; unhelpful ; incompeten* ; arrogant ; condescend* ; no empathy|respect|help ; don|doesn t care ; t care ; treated .. like|badly|poorly ; yelled ; lied ; lying ; liars ; insult* ; not helpful ; useless ; worst customer service ; horrible|terrible|awful|poor|bad customer service ; not very|been helpful""",
    ),
    "website": Topic(
        "Site ou application en panne", "Website or application failing",
        """site|appli|application|client|portail .. marche|fonctionne|bug*|plante*|panne|erreur|inaccessible|indisponible|lent|mal ; bug* ; plante|plantent ; message d erreur ; page .. erreur|charge|blanche ; probleme .. site|appli|application|internet|informatique ; erreur informatique|technique ; impossible de .. site|ligne|appli|application ; ~site internet ; ~appli ; ~application ; ~en ligne""",
        """website|site|app|page|webpage .. down|broken|crash*|error*|slow|working|work|bug*|glitch*|issue*|problem*|fail* ; error message ; crash* ; glitch* ; bug|bugs|buggy ; t load ; ~website ; ~the app ; ~mobile app ; ~online ; system .. down ; technical issue*|error*|problem*|difficult* ; t book|check online|in|flight""",
    ),
    "access": Topic(
        "Mot de passe ou accès au compte", "Password or account access",
        """mot|mots de passe ; identifiant* ; connecter .. compte|espace|site|appli ; impossible de .. connecter|acceder ; acces .. compte|espace|bloque|refuse ; compte bloque|verrouille|suspendu|desactive ; code .. recu|sms|validation|marche ; authentification ; pas acceder ; connexion impossible""",
        """password* ; log in ; login ; can|cannot|t log|sign|access ; locked out ; account .. locked|blocked|suspended|disabled ; verification code ; reset .. link|password ; access .. account ; t recognize""",
    ),
    "bot_dead_end": Topic(
        "Robot sans issue", "Bot that leads nowhere",
        """chatbot* ; voicebot* ; callbot* ; bot ; robot* ; serveur vocal ; boite vocale ; repondeur ; machine|robot|assistant|bot .. comprend|repond ; tourne en rond ; reponse* automatique* ; message* automatique* ; reponse* type|types|toute|toutes ; mail* automatique* ; copier coller ; assistant virtuel ; touche|tapez .. 1|2|3|diese|etoile""",
        """chatbot* ; bot ; bots ; robot* ; automated ; auto repl* ; auto response* ; canned ; going in circles ; virtual assistant ; press 1|2|3|one ; phone tree ; phone system ; recording ; recorded message ; generic response*|reply|replies|email ; machine .. understand ; copy paste ; copy and paste""",
    ),
    "promise": Topic(
        "Promesse non tenue", "Promise not kept",
        """promis|promise|promesse* ; promet|promettent ; pas tenu|tenue|tenus|tenues|respecte|respectee|respectes ; comme convenu ; contrairement a ; devait|devaient .. rappeler|livrer|venir|passer|rembourser|envoyer|etre ; m avait|avaient dit ; on m .. dit|assure|garanti ; parole ; publicite mensongere ; engagement* ; rendez vous manque ; personne n est venu ; ne s est pas presente ; pas venu""",
        """promis* ; was|were|been told ; said .. would ; supposed to ; not as advertised|described|promised ; false advertis* ; misleading ; mislead* ; no show ; never showed|came ; guaranteed ; t honor ; not honor* ; broke .. promise ; failed to""",
    ),
    "contradiction": Topic(
        "Informations contradictoires", "Contradictory information",
        """contradict* ; contredi* ; pas la meme reponse|version|chose|information ; versions differentes ; reponses differentes ; discours different ; chacun .. version ; l un .. l autre ; informations differentes|fausses|erronees ; mal|mauvais|mauvaise|fausse information|informe|informee|informations|renseigne|renseignee ; chaque fois .. different* ; pas clair|claire|claires|clairs ; aucune explication* ; incomprehensible* ; opaque""",
        """contradict* ; conflicting ; different answer*|story|stories|information|info|thing* ; wrong|incorrect|false|inaccurate|bad information|info ; misinform* ; one .. says|said .. another ; no explanation ; no info|information ; confusing ; confused ; unclear ; inconsistent ; no updates ; kept changing""",
    ),
    "hidden_fees": Topic(
        "Frais cachés", "Hidden fees",
        """frais cache* ; frais supplementaire* ; frais de dossier ; frais .. annonce*|prevenu*|precise*|abusif*|eleve* ; ~frais ; supplement* .. payer ; petites lignes ; couts caches ; abusif*|abusive* ; arnaque* ; escroc* ; escroquerie ; vol pur ; voleur* ; malhonnete*""",
        """hidden fee*|charge*|cost* ; extra fee*|charge* ; additional fee*|charge* ; baggage|bag|change|booking|service fee*|charge ; ~fee ; ~fees ; small print ; fine print ; scam* ; fraud* ; rip off* ; ripped off ; surcharge* ; thieves ; theft ; dishonest""",
    ),
    "paperwork": Topic(
        "Démarches et papiers", "Paperwork",
        """papier* ; paperasse* ; justificatif* ; ~document* ; ~formulaire* ; demarche* .. complique*|longue*|interminable*|lourde* ; complique|compliquee|compliques ; trop de demarches ; usine a gaz ; parcours du combattant ; ~attestation* ; ~releve d information* ; administratif* ; dossier .. incomplet|bloque ; ~dossier""",
        """paperwork ; too many forms ; ~form ; ~forms ; ~document* ; bureaucra* ; complicated ; red tape ; proof of ; jump through hoops ; ~certificate* ; cumbersome ; difficult process ; hassle""",
    ),
    "no_human": Topic(
        "Personne à joindre", "Nobody to reach",
        """injoignable* ; impossible de|d joindre|contacter|avoir|parler ; impossible a joindre ; difficile* a|de joindre ; jamais personne ; parler a un humain|conseiller|etre ; parler a quelqu un ; vrai|vraie conseiller|conseillere|humain|personne|interlocuteur ; personne au telephone|bout ; ne decroche|decrochent ; ligne* occupee* ; ferme|fermee|fermes .. midi|samedi|week|soir|tot ; horaires ; numero surtaxe ; pas joignable* ; aucun|aucune contact|interlocut*|conseiller|numero|agence ; moyen de|d joindre|contacter|avoir ; plus d agence|agences|interlocut* ; ne sait pas|jamais a qui""",
        """unreachable ; can|cannot|t reach|speak|talk|get .. anyone|someone|human|person|through|agent|hold ; get|getting through ; speak|talk to .. human|person|someone|anyone|agent ; real person|human ; no one .. phone|available|answers|help ; nobody .. phone|available|help|answers ; busy signal ; lines .. busy ; disconnect* ; dropped .. call ; closed at|on ; opening hours ; no phone number ; cut off ; call volume* ; t get through ; no way to contact|reach|speak ; phone .. busy""",
    ),
}  # fmt: skip


def irritants(voices: Voices) -> dict[str, Irritant]:
    """The irritants that a company reads for: the starter ones, with what its charter adds, replaces or leaves out.

    A replacement without words keeps those of the irritant that it replaces: it gives it a name, owners or a promise.
    """
    found = {
        name: Irritant(
            name=Text(fr=topic.fr, en=topic.en),
            words=Words(fr=_lines(topic.in_french), en=_lines(topic.in_english)),
        )
        for name, topic in STARTER.items()
    }
    for name, own in voices.irritants.items():
        if own.off:
            found.pop(name, None)
            continue
        start = found.get(name)
        if start is not None:
            worded = bool(own.words.fr or own.words.en)
            own = own.model_copy(  # noqa: PLW2901  completed by what it replaces
                update={"words": own.words if worded else start.words, "name": own.name or start.name}
            )
        found[name] = own
    return found


def _lines(written: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in written.replace("\n", " ").split(";") if one.strip())
