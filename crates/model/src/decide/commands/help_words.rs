//! What commands do, in German, French and Spanish, for whoever asks by mail; the English sentence stands with each command.

/// What a language says of the commands as a whole.
pub(super) struct Guide {
    pub(super) language: &'static str,
    /// How they are written.
    pub(super) how: &'static str,
    pub(super) fields: &'static str,
    pub(super) verbs: &'static str,
    pub(super) questions: &'static str,
    /// Words about the mail itself.
    pub(super) words: &'static str,
    /// Between the names of a command.
    pub(super) also: &'static str,
    pub(super) write: &'static str,
    /// What words about the mail do, in the order of [`WORDS`].
    pub(super) mail: [&'static str; 8],
}

/// Words about the mail itself, each as it is written.
pub(super) const WORDS: [&str; 8] = ["comment", "reply", "quiet", "from ADDRESS", "check", "partial", "limit queue:noc", "stop"];

/// In English, and in languages that are not here.
pub(super) const ENGLISH: Guide = Guide {
    language: "en",
    how: "A field is written as status: resolved, everything else as !resolve, above the text of an answer and an empty line. To the \
          control address, a line begins with the ticket's number: 12 status=resolved owner=me. help COMMAND tells of one.",
    fields: "Fields",
    verbs: "What can be done",
    questions: "Questions",
    words: "About the mail itself, each with ! in front",
    also: "also",
    write: "write",
    mail: [
        "the text is for staff alone",
        "the text is for the requestor",
        "nobody is mailed",
        "a new ticket is asked for by whoever has this address",
        "nothing is done; you are told what would be",
        "what can be done is done, whatever cannot",
        "lines below do nothing to other tickets",
        "the commands end here",
    ],
};

pub(super) const GUIDES: &[Guide] = &[
    ENGLISH,
    Guide {
        language: "de",
        how: "Ein Feld schreibt man als status: resolved, alles andere als !resolve, über dem Text einer Antwort und einer leeren Zeile. \
              An die Steueradresse beginnt eine Zeile mit der Nummer des Tickets: 12 status=resolved owner=me. help BEFEHL erklärt einen.",
        fields: "Felder",
        verbs: "Was man tun kann",
        questions: "Fragen",
        words: "Über die Mail selbst, jedes mit ! davor",
        also: "auch",
        write: "zu schreiben als",
        mail: [
            "der Text ist nur für Mitarbeiter",
            "der Text ist für den Anfragenden",
            "niemand bekommt Mail",
            "ein neues Ticket ist die Anfrage dessen, der diese Adresse hat",
            "nichts wird getan; Sie erfahren, was geschähe",
            "was geht, wird getan, auch wenn anderes nicht geht",
            "Zeilen darunter tun anderen Tickets nichts",
            "hier enden die Befehle",
        ],
    },
    Guide {
        language: "fr",
        how: "Un champ s'écrit status: resolved, tout le reste !resolve, au-dessus du texte d'une réponse et d'une ligne vide. À l'adresse \
              de commande, une ligne commence par le numéro du ticket\u{a0}: 12 status=resolved owner=me. help COMMANDE en explique une.",
        fields: "Champs",
        verbs: "Ce qu'on peut faire",
        questions: "Questions",
        words: "Sur le message lui-même, chacun précédé de !",
        also: "aussi",
        write: "s'écrit",
        mail: [
            "le texte est pour l'équipe seule",
            "le texte est pour le demandeur",
            "personne ne reçoit de message",
            "un nouveau ticket est demandé par qui a cette adresse",
            "rien n'est fait\u{a0}; on vous dit ce qui le serait",
            "ce qui est possible est fait, même si le reste ne l'est pas",
            "les lignes suivantes ne touchent pas d'autres tickets",
            "les commandes finissent ici",
        ],
    },
    Guide {
        language: "es",
        how: "Un campo se escribe status: resolved, todo lo demás !resolve, encima del texto de una respuesta y de una línea vacía. A la \
              dirección de control, una línea empieza con el número del ticket: 12 status=resolved owner=me. help ORDEN explica una.",
        fields: "Campos",
        verbs: "Lo que se puede hacer",
        questions: "Preguntas",
        words: "Sobre el mensaje mismo, cada una con ! delante",
        also: "también",
        write: "se escribe",
        mail: [
            "el texto es solo para el equipo",
            "el texto es para el solicitante",
            "nadie recibe correo",
            "un ticket nuevo lo pide quien tiene esta dirección",
            "no se hace nada; se le dice qué se haría",
            "se hace lo que se puede, aunque lo demás no",
            "las líneas de abajo no tocan otros tickets",
            "las órdenes terminan aquí",
        ],
    },
];

/// What a command does in German, French and Spanish.
pub(super) const HELP: &[(&str, [&str; 3])] = &[
    (
        "status",
        [
            "ein Status aus dem Lebenslauf der Queue; einer, der wartet, darf auf until DATUM enden",
            "un statut du cycle de la file\u{a0}; un statut d'attente peut finir par until DATE",
            "un estado del ciclo de la cola; uno que espera puede acabar en until FECHA",
        ],
    ),
    (
        "owner",
        [
            "Kennung oder Adresse eines Mitarbeiters, me (man selbst) oder nobody (niemand)",
            "identifiant ou adresse de quelqu'un de l'équipe, me (soi-même) ou nobody (personne)",
            "usuario o dirección de alguien del equipo, me (uno mismo) o nobody (nadie)",
        ],
    ),
    (
        "subject",
        ["wie das Ticket heißt, in einer Zeile", "le nom du ticket, sur une ligne", "cómo se llama el ticket, en una línea"],
    ),
    ("queue", ["die Queue, in die das Ticket geht", "la file où va le ticket", "la cola a la que va el ticket"]),
    (
        "priority",
        [
            "0 bis 100, mehr ist dringender; low ist 20, medium 50, high 80, urgent 95",
            "0 à 100, plus c'est haut plus c'est urgent\u{a0}; low vaut 20, medium 50, high 80, urgent 95",
            "0 a 100, más es más urgente; low es 20, medium 50, high 80, urgent 95",
        ],
    ),
    (
        "final_priority",
        [
            "die Priorität, zu der es bis zur Fälligkeit steigt: wie priority, oder none",
            "la priorité qu'il atteint à l'échéance\u{a0}: comme priority, ou none",
            "la prioridad que alcanza al vencer: como priority, o none",
        ],
    ),
    (
        "due",
        [
            "bis wann es erledigt sein soll, ein Tag bis zu seinem Ende: 2026-12-01 17:00, +3d, tomorrow, friday 17:00 oder none",
            "pour quand il doit être résolu, un jour jusqu'à sa fin\u{a0}: 2026-12-01 17:00, +3d, tomorrow, friday 17:00 ou none",
            "para cuándo debe estar resuelto, un día hasta su fin: 2026-12-01 17:00, +3d, tomorrow, friday 17:00 o none",
        ],
    ),
    (
        "starts",
        [
            "wann die Arbeit beginnen soll: ein Zeitpunkt wie bei due, oder none",
            "quand le travail doit commencer\u{a0}: une date comme pour due, ou none",
            "cuándo debe empezar el trabajo: una fecha como en due, o none",
        ],
    ),
    (
        "wakes",
        [
            "wann ein wartendes Ticket von selbst weitergeht: wie bei due, oder none",
            "quand un ticket en attente reprend de lui-même\u{a0}: comme pour due, ou none",
            "cuándo un ticket que espera sigue por sí mismo: como en due, o none",
        ],
    ),
    (
        "started",
        [
            "wann die Arbeit begann, wenn anders als hier vermerkt: ein vergangener Zeitpunkt, oder none",
            "quand le travail a commencé, si ce n'est pas ce qui est noté\u{a0}: une date passée, ou none",
            "cuándo empezó el trabajo, si no es lo anotado: una fecha pasada, o none",
        ],
    ),
    (
        "told",
        [
            "wann der Anfragende zuletzt etwas erfuhr, etwa am Telefon: ein vergangener Zeitpunkt, oder none",
            "quand le demandeur a été informé pour la dernière fois, par téléphone peut-être\u{a0}: une date passée, ou none",
            "cuándo se informó por última vez al solicitante, quizá por teléfono: una fecha pasada, o none",
        ],
    ),
    (
        "resolved",
        [
            "wann es erledigt war, wenn es das ist: ein vergangener Zeitpunkt",
            "quand il a été résolu, s'il l'est\u{a0}: une date passée",
            "cuándo se resolvió, si lo está: una fecha pasada",
        ],
    ),
    (
        "requestors",
        [
            "wer anfragte: Adressen und Kennungen, mit Kommas dazwischen",
            "qui l'a demandé\u{a0}: adresses et identifiants, séparés par des virgules",
            "quién lo pidió: direcciones y usuarios, con comas entre ellos",
        ],
    ),
    (
        "cc",
        [
            "wer bekommt, was der Anfragende bekommt",
            "qui reçoit ce que reçoit le demandeur",
            "quién recibe lo que recibe el solicitante",
        ],
    ),
    (
        "admincc",
        [
            "wer alles erfährt, auch Kommentare",
            "qui est informé de tout, commentaires compris",
            "quién se entera de todo, comentarios incluidos",
        ],
    ),
    (
        "squelch",
        [
            "wer keine Mail zu diesem Ticket bekommt, was die Regeln auch sagen",
            "qui ne reçoit aucun message sur ce ticket, quoi que disent les règles",
            "quién no recibe correo sobre este ticket, digan lo que digan las reglas",
        ],
    ),
    (
        "time_worked",
        [
            "Minuten, 1h20, 90m oder 1d (acht Stunden), wird addiert; = setzt; 15 anna zählt für anna",
            "minutes, 1h20, 90m ou 1d (huit heures), ajoutées\u{a0}; = fixe le total\u{a0}; 15 anna compte pour anna",
            "minutos, 1h20, 90m o 1d (ocho horas), se suman; = fija el total; 15 anna cuenta para anna",
        ],
    ),
    (
        "time_for",
        [
            "Minuten der Arbeitszeit, die jemand anderem gehören als dem, der sie notierte",
            "minutes du temps passé qui sont à quelqu'un d'autre qu'à qui les a notées",
            "minutos del tiempo trabajado que son de otro y no de quien los anotó",
        ],
    ),
    (
        "time_estimated",
        [
            "wie lange es dauern soll: 90m, 4h, 1h20, 2d (ein Tag hat acht Stunden) oder none",
            "combien de temps il devrait prendre\u{a0}: 90m, 4h, 1h20, 2d (un jour a huit heures) ou none",
            "cuánto debería llevar: 90m, 4h, 1h20, 2d (un día son ocho horas) o none",
        ],
    ),
    (
        "time_left",
        [
            "wie lange es noch dauert: 90m, 4h, 1h20, 2d (ein Tag hat acht Stunden) oder none",
            "combien de temps il prendra encore\u{a0}: 90m, 4h, 1h20, 2d (un jour a huit heures) ou none",
            "cuánto llevará aún: 90m, 4h, 1h20, 2d (un día son ocho horas) o none",
        ],
    ),
    (
        "tags",
        [
            "Schlagwörter, mit Kommas oder Leerzeichen dazwischen; +printer -urgent fügt das eine hinzu und nimmt das andere weg",
            "étiquettes, séparées par des virgules ou des espaces\u{a0}; +printer -urgent ajoute l'une et retire l'autre",
            "etiquetas, con comas o espacios entre ellas; +printer -urgent añade una y quita la otra",
        ],
    ),
    (
        "field",
        [
            "ein Feld, das die Site definiert, bei seinem Namen",
            "un champ défini par le site, par son nom",
            "un campo que define el sitio, por su nombre",
        ],
    ),
    (
        "take",
        [
            "man wird zuständig, wenn es niemand ist",
            "on devient responsable, si personne ne l'est",
            "uno se hace responsable, si nadie lo es",
        ],
    ),
    (
        "steal",
        [
            "man wird zuständig, wer es auch ist",
            "on devient responsable, quel que soit le responsable",
            "uno se hace responsable, lo sea quien lo sea",
        ],
    ),
    ("untake", ["niemand ist mehr zuständig", "personne n'en est plus responsable", "ya nadie es responsable"]),
    (
        "depends",
        [
            "Tickets, die vor diesem erledigt sein müssen",
            "tickets à résoudre avant celui-ci",
            "tickets que hay que resolver antes que este",
        ],
    ),
    (
        "blocks",
        [
            "Tickets, die nicht vor diesem erledigt sein können",
            "tickets qui ne peuvent être résolus avant celui-ci",
            "tickets que no se pueden resolver antes que este",
        ],
    ),
    (
        "parent",
        ["Tickets, von denen dieses ein Teil ist", "tickets dont celui-ci fait partie", "tickets de los que este forma parte"],
    ),
    ("child", ["Tickets, die Teile von diesem sind", "tickets qui font partie de celui-ci", "tickets que forman parte de este"]),
    (
        "refers",
        [
            "Tickets und Seiten, mit denen dieses zu tun hat",
            "tickets et pages en rapport avec celui-ci",
            "tickets y páginas con los que este tiene que ver",
        ],
    ),
    (
        "referredto",
        ["Tickets, die mit diesem zu tun haben", "tickets qui ont rapport à celui-ci", "tickets que tienen que ver con este"],
    ),
    (
        "link",
        [
            "verknüpft es: was das andere für dieses ist (depends-on, blocks, parent, child, refers, referredto), und welches",
            "crée un lien\u{a0}: ce que l'autre est pour lui (depends-on, blocks, parent, child, refers, referredto), et lequel",
            "lo enlaza: qué es el otro para él (depends-on, blocks, parent, child, refers, referredto), y cuál",
        ],
    ),
    (
        "unlink",
        [
            "nimmt eine Verknüpfung weg, benannt wie beim Anlegen",
            "retire un lien, nommé comme à sa création",
            "quita un enlace, nombrado como al crearlo",
        ],
    ),
    (
        "merged",
        [
            "Tickets, die in diesem aufgegangen sind: +merged nimmt eines auf, -merged gibt es heraus",
            "tickets fusionnés dans celui-ci\u{a0}: +merged en ajoute un, -merged l'en sort",
            "tickets unidos a este: +merged une uno, -merged lo separa",
        ],
    ),
    (
        "merge",
        [
            "dieses Ticket geht in einem anderen auf, das fortan seine Leute, Zeit, Verknüpfungen, Geschichte und Mail hat",
            "ce ticket se fond dans un autre, qui a dès lors ses gens, son temps, ses liens, son histoire et ses messages",
            "este ticket se une a otro, que tiene desde entonces su gente, tiempo, enlaces, historia y correo",
        ],
    ),
    (
        "unmerge",
        [
            "ein Ticket, das hierin aufging, steht wieder für sich; Mail, die seither kam, bleibt hier",
            "un ticket fusionné ici redevient distinct\u{a0}; les messages arrivés depuis restent ici",
            "un ticket unido a este vuelve a ser uno propio; el correo llegado desde entonces se queda aquí",
        ],
    ),
    (
        "split",
        [
            "ein Eintrag wird ein eigenes Ticket dessen, der ihn schrieb; hinter seiner Nummer, wie es heißt",
            "une entrée devient un ticket de qui l'a écrite\u{a0}; après son numéro, le nom du ticket",
            "una entrada se vuelve un ticket de quien la escribió; tras su número, cómo se llama",
        ],
    ),
    (
        "clone",
        [
            "ein neues Ticket wie dieses, ohne seine Geschichte; -1 steht in den folgenden Befehlen dafür",
            "un nouveau ticket comme celui-ci, sans son histoire\u{a0}; -1 le désigne dans les commandes suivantes",
            "un ticket nuevo como este, sin su historia; -1 lo nombra en las órdenes siguientes",
        ],
    ),
    ("open", ["die Arbeit geht weiter", "le travail reprend", "el trabajo sigue"]),
    ("stall", ["es wartet auf jemanden außerhalb", "il attend quelqu'un d'extérieur", "espera a alguien de fuera"]),
    (
        "wait",
        [
            "es wartet bis zu einem Zeitpunkt wie bei due und geht dann von selbst weiter",
            "il attend jusqu'à une date, comme pour due, puis reprend de lui-même",
            "espera hasta una fecha, como en due, y luego sigue por sí mismo",
        ],
    ),
    (
        "resolve",
        [
            "es ist erledigt: der Anfragende erfährt es, und eine Antwort öffnet es wieder",
            "il est résolu\u{a0}: le demandeur l'apprend, et une réponse le rouvre",
            "está resuelto: el solicitante se entera, y una respuesta lo reabre",
        ],
    ),
    (
        "close",
        [
            "es ist vorbei: eine Antwort eröffnet ein neues Ticket",
            "il est clos\u{a0}: une réponse ouvre un nouveau ticket",
            "está cerrado: una respuesta abre un ticket nuevo",
        ],
    ),
    (
        "reject",
        [
            "es wird nicht getan: eine Antwort eröffnet ein neues Ticket",
            "il ne sera pas traité\u{a0}: une réponse ouvre un nouveau ticket",
            "no se hará: una respuesta abre un ticket nuevo",
        ],
    ),
    (
        "approvers",
        [
            "Mitarbeiter, ohne deren Zustimmung es nicht erledigt wird; wer nochmals genannt wird, wird nochmals gefragt",
            "gens de l'équipe dont l'accord est nécessaire pour le résoudre\u{a0}; nommés de nouveau, ils sont redemandés",
            "gente del equipo cuya aprobación necesita para resolverse; a quien se nombra otra vez se le pide otra vez",
        ],
    ),
    (
        "ask",
        [
            "bittet um Zustimmung; ohne die aller wird es nicht erledigt",
            "demande leur accord\u{a0}; il n'est pas résolu sans celui de tous",
            "pide su aprobación; no se resuelve sin la de todos",
        ],
    ),
    (
        "unask",
        [
            "ihre Zustimmung ist nicht mehr nötig: für den, der darum bat, sonst mit dem Recht administer",
            "leur accord n'est plus nécessaire\u{a0}: pour qui l'a demandé, sinon avec le droit administer",
            "su aprobación ya no hace falta: para quien la pidió, si no con el permiso administer",
        ],
    ),
    (
        "accept",
        [
            "wer um Zustimmung gebeten wurde, sagt ja; was dahinter steht, bleibt vermerkt",
            "qui a été prié de donner son accord dit oui\u{a0}; ce qui suit reste consigné",
            "a quien se pidió aprobación dice que sí; lo que sigue queda registrado",
        ],
    ),
    (
        "decline",
        [
            "wer um Zustimmung gebeten wurde, sagt nein; was dahinter steht, bleibt vermerkt, und der Zuständige erfährt es",
            "qui a été prié de donner son accord dit non\u{a0}; ce qui suit reste consigné, et le responsable l'apprend",
            "a quien se pidió aprobación dice que no; lo que sigue queda registrado, y el responsable se entera",
        ],
    ),
    (
        "undo",
        [
            "nimmt zurück, was Sie am Ticket zuletzt änderten, oder was der Eintrag dieser Nummer tat; Texte bleiben",
            "annule ce que vous avez modifié en dernier, ou ce qu'a fait l'entrée de ce numéro\u{a0}; les textes restent",
            "deshace lo último que usted cambió, o lo que hizo la entrada de este número; los textos quedan",
        ],
    ),
    (
        "mute",
        ["Sie bekommen dazu keine Mail mehr", "vous ne recevez plus de message à son sujet", "ya no recibe correo sobre él"],
    ),
    (
        "subscribe",
        [
            "Sie erfahren davon: als AdminCc, wenn Sie Kommentare sehen dürfen, sonst als Cc",
            "vous êtes informé\u{a0}: en AdminCc si vous pouvez voir les commentaires, sinon en Cc",
            "se entera de él: como AdminCc si puede ver comentarios, si no como Cc",
        ],
    ),
    (
        "help",
        [
            "was man schreiben kann; help BEFEHL erklärt einen",
            "ce qu'on peut écrire\u{a0}; help COMMANDE en explique une",
            "lo que se puede escribir; help ORDEN explica una",
        ],
    ),
    ("whoami", ["als wen man Sie hier kennt", "sous quel nom vous êtes connu ici", "como quién se le conoce aquí"]),
    (
        "show",
        [
            "ein Ticket: seine Felder, und was geschrieben wurde; mit all dahinter auch Zitate",
            "un ticket\u{a0}: ses champs, et ce qui a été écrit\u{a0}; avec all, les citations aussi",
            "un ticket: sus campos, y lo escrito; con all detrás, también las citas",
        ],
    ),
    (
        "history",
        [
            "alles, was mit einem Ticket geschah, je in einer Zeile",
            "tout ce qui est arrivé à un ticket, une ligne chacun",
            "todo lo que pasó con un ticket, cada cosa en una línea",
        ],
    ),
    ("list", ["die Tickets einer Suche", "les tickets d'une recherche", "los tickets de una búsqueda"]),
    (
        "mine",
        [
            "Ihre Tickets, die nicht erledigt sind",
            "les tickets dont vous êtes responsable et qui ne sont pas résolus",
            "los tickets de los que es responsable y que no están resueltos",
        ],
    ),
    (
        "untaken",
        [
            "Tickets, für die niemand zuständig ist und die nicht erledigt sind",
            "les tickets sans responsable qui ne sont pas résolus",
            "los tickets sin responsable que no están resueltos",
        ],
    ),
];
