//! What mail clients write around the message they answer, a table with one entry per language: adding a language adds an
//! entry. Words are lower case, parted by `|`, as Outlook, Gmail, Apple Mail, Thunderbird and the large web mailers have them.

/// The words of one language.
pub(super) struct Language {
    /// Verbs of attributions ("Anna wrote:").
    pub wrote: &'static str,
    /// Words that attributions begin with, besides numbers, names and days of the week.
    pub begins: &'static str,
    /// "Original message" and "Forwarded message", as they stand between dashes or before a colon.
    pub original: &'static str,
    /// Names of the fields above an older message: who wrote it,
    pub from: &'static str,
    /// when,
    pub date: &'static str,
    /// to whom,
    pub to: &'static str,
    /// to whom else,
    pub cc: &'static str,
    /// and about what.
    pub subject: &'static str,
    /// How a phone says where a mail was written: the words before or behind its own name.
    pub sent: &'static str,
}

/// Every language.
pub(super) const LANGUAGES: [Language; 38] = [
    // English
    Language {
        wrote: "wrote|writes",
        begins: "on|at|in a message dated",
        original: "original message|original appointment|forwarded message|forwarded by|begin forwarded message|reply message|reply above this line|replied message|original email",
        from: "from",
        date: "sent|date|sent at",
        to: "to",
        cc: "cc|bcc",
        subject: "subject",
        sent: "sent from|sent via|sent with|sent using|sent by",
    },
    // German
    Language {
        wrote: "schrieb|schrieben|schreibt|geschrieben",
        begins: "am",
        original: "ursprüngliche nachricht|originalnachricht|original-nachricht|original nachricht|originale nachricht|ursprüngliche mitteilung|weitergeleitete nachricht|anfang der weitergeleiteten|weitergeleitet von|ursprünglicher termin",
        from: "von",
        date: "gesendet|datum|gesendet am",
        to: "an",
        cc: "kopie",
        subject: "betreff|thema",
        sent: "gesendet von|gesendet mit|gesendet über|gesendet|diese nachricht wurde von|verfasst mit",
    },
    // French
    Language {
        wrote: "écrit|écrivait",
        begins: "le",
        original: "message d'origine|message d’origine|message original|message transféré|message transmis|message initial|courriel original|e-mail d'origine|début du message|rendez-vous d'origine",
        from: "de|expéditeur",
        date: "envoyé|date|envoyé le",
        to: "à|a|pour",
        cc: "cc|copie|copie à",
        subject: "objet|sujet",
        sent: "envoyé de|envoyé depuis|envoyé à partir d|envoyé avec|envoyé via",
    },
    // Spanish
    Language {
        wrote: "escribió|escribio|escrito",
        begins: "el",
        original: "mensaje original|mensaje reenviado|inicio del mensaje reenviado|correo original|cita original",
        from: "de",
        date: "enviado|enviado el|enviados|fecha|enviado a las",
        to: "para",
        cc: "cc|con copia",
        subject: "asunto",
        sent: "enviado desde|enviado con|enviado por",
    },
    // Italian
    Language {
        wrote: "scritto|scrisse|scrive",
        begins: "il",
        original: "messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|original message",
        from: "da|mittente",
        date: "inviato|data",
        to: "a",
        cc: "cc",
        subject: "oggetto",
        sent: "inviato da|inviato dal|inviato con",
    },
    // Portuguese
    Language {
        wrote: "escreveu",
        begins: "em|no dia|a",
        original: "mensagem original|mensagem encaminhada|mensagem reencaminhada|início da mensagem",
        from: "de",
        date: "enviado|enviada em|enviada|data|enviado em",
        to: "para",
        cc: "cc",
        subject: "assunto",
        sent: "enviado do|enviado a partir|enviado de|enviado via|enviado pelo",
    },
    // Dutch
    Language {
        wrote: "schreef|geschreven",
        begins: "op",
        original: "oorspronkelijk bericht|origineel bericht|oorspronkelijk e-mailbericht|doorgestuurd bericht|begin doorgestuurd bericht",
        from: "van|afzender",
        date: "verzonden|datum|verzonden op",
        to: "aan",
        cc: "cc|kopie",
        subject: "onderwerp",
        sent: "verzonden vanaf|verstuurd vanaf|verstuurd met|verzonden met|verzonden via",
    },
    // Swedish
    Language {
        wrote: "skrev|följande",
        begins: "den",
        original: "ursprungligt meddelande|ursprungsmeddelande|originalmeddelande|vidarebefordrat meddelande|vidarebefordrat mejl",
        from: "från",
        date: "skickat|datum",
        to: "till",
        cc: "kopia",
        subject: "ämne",
        sent: "skickat från|skickades från|skickat med",
    },
    // Danish
    Language {
        wrote: "skrev",
        begins: "den",
        original: "oprindelig meddelelse|original meddelelse|videresendt meddelelse|start på videresendt|oprindelig besked",
        from: "fra",
        date: "sendt|dato",
        to: "til",
        cc: "cc|kopi",
        subject: "emne",
        sent: "sendt fra|sendt via|sendt med",
    },
    // Norwegian
    Language {
        wrote: "skrev|skreiv",
        begins: "den",
        original: "opprinnelig melding|original melding|videresendt melding|opphavleg melding",
        from: "fra|frå",
        date: "sendt|dato",
        to: "til",
        cc: "kopi",
        subject: "emne",
        sent: "sendt fra|sendt med",
    },
    // Finnish
    Language {
        wrote: "kirjoitti",
        begins: "ma|ti|ke|to|pe|la|su",
        original: "alkuperäinen viesti|edelleenlähetetty viesti|välitetty viesti",
        from: "lähettäjä",
        date: "lähetetty|päiväys|pvm|päivä",
        to: "vastaanottaja",
        cc: "kopio|kopiot",
        subject: "aihe",
        sent: "lähetetty",
    },
    // Icelandic
    Language {
        wrote: "skrifaði|skrifaði",
        begins: "þann",
        original: "upprunalegur póstur|upprunaleg skilaboð",
        from: "frá",
        date: "sent|dagsetning",
        to: "til",
        cc: "afrit",
        subject: "efni",
        sent: "sent úr",
    },
    // Polish
    Language {
        wrote: "napisał|napisała|napisano|napisana|pisze",
        begins: "w dniu|dnia|wiadomość",
        original: "wiadomość oryginalna|oryginalna wiadomość|treść oryginalnej wiadomości|wiadomość przekazana|przekazana wiadomość|treść przekazanej|początek przekazywanej",
        from: "od|nadawca",
        date: "wysłano|wysłane|data",
        to: "do|adresat",
        cc: "dw|kopia",
        subject: "temat",
        sent: "wysłane z|wysłano z|wysłane przez",
    },
    // Czech
    Language {
        wrote: "napsal|napsala|napsal/a",
        begins: "dne|po|út|st|čt|pá|so|ne",
        original: "původní zpráva|přeposlaná zpráva|začátek přeposílané|původní e-mail",
        from: "od|odesílatel",
        date: "odesláno|datum",
        to: "komu",
        cc: "kopie",
        subject: "předmět",
        sent: "odesláno z|odesláno ze",
    },
    // Slovak
    Language {
        wrote: "napísal|napísala",
        begins: "dňa",
        original: "pôvodná správa|preposlaná správa|začiatok preposlanej",
        from: "od|odosielateľ",
        date: "odoslané|dátum",
        to: "komu|pre",
        cc: "kópia",
        subject: "predmet",
        sent: "odoslané z|odoslané zo",
    },
    // Slovenian
    Language {
        wrote: "napisal|napisala",
        begins: "v|dne",
        original: "izvirno sporočilo|prvotno sporočilo|posredovano sporočilo",
        from: "od|pošiljatelj",
        date: "poslano|datum",
        to: "za",
        cc: "kp",
        subject: "zadeva",
        sent: "poslano iz|poslano z",
    },
    // Croatian, Bosnian, Serbian in Latin letters
    Language {
        wrote: "napisao|napisala|napisao/la",
        begins: "dana",
        original: "izvorna poruka|originalna poruka|proslijeđena poruka|prosleđena poruka|započni proslijeđenu",
        from: "od|šalje|pošiljatelj",
        date: "poslano|poslato|datum",
        to: "za|prima",
        cc: "kopija",
        subject: "predmet|naslov",
        sent: "poslano s|poslano sa|poslato sa|poslato iz",
    },
    // Hungarian
    Language {
        wrote: "írta|írt",
        begins: "",
        original: "eredeti üzenet|eredeti levél|továbbított üzenet|továbbított levél",
        from: "feladó|küldő",
        date: "elküldve|küldve|dátum|küldés ideje",
        to: "címzett|címzettek",
        cc: "másolat|másolatot kap",
        subject: "tárgy",
        sent: "elküldve|küldve",
    },
    // Romanian
    Language {
        wrote: "scris",
        begins: "în|pe|la",
        original: "mesaj original|mesajul original|mesaj iniţial|mesaj redirecționat|începe mesajul",
        from: "de la|expeditor|expeditorul",
        date: "trimis|dată|data|trimisă",
        to: "către|destinatarul",
        cc: "cc",
        subject: "subiect|subiectul",
        sent: "trimis de pe|trimis de la|trimis din",
    },
    // Estonian
    Language {
        wrote: "kirjutas",
        begins: "kuupäev|kuupäeval",
        original: "algne kiri|algsõnum|edastatud kiri",
        from: "saatja",
        date: "saadetud|kuupäev|saatmisaeg",
        to: "adressaat|saaja",
        cc: "koopia",
        subject: "teema",
        sent: "saadetud",
    },
    // Latvian
    Language {
        wrote: "rakstīja",
        begins: "",
        original: "sākotnējais ziņojums|oriģinālā ziņa|pārsūtītā ziņa",
        from: "no|sūtītājs",
        date: "nosūtīts|datums",
        to: "kam",
        cc: "kopija",
        subject: "temats|tēma",
        sent: "nosūtīts no",
    },
    // Lithuanian
    Language {
        wrote: "rašė|parašė",
        begins: "",
        original: "originalus laiškas|pradinis laiškas|persiųstas laiškas",
        from: "nuo|siuntėjas",
        date: "išsiųsta|data",
        to: "kam|iki",
        cc: "kopija",
        subject: "tema",
        sent: "išsiųsta iš",
    },
    // Catalan and Galician
    Language {
        wrote: "escriure|escrit|escribiu",
        begins: "el|missatge de|o",
        original: "missatge original|missatge reenviat|mensaxe orixinal",
        from: "de",
        date: "enviat|data|enviado",
        to: "per a|a|para",
        cc: "a/c",
        subject: "tema|assumpte|asunto",
        sent: "enviat des de|enviat des del|enviado dende",
    },
    // Russian
    Language {
        wrote: "написал|написала|пишет|писал|писала|писали",
        begins: "",
        original: "исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|начало переадресованного|первоначальное сообщение",
        from: "от|отправитель|от кого",
        date: "отправлено|дата|послано",
        to: "кому",
        cc: "копия",
        subject: "тема",
        sent: "отправлено с|отправлено из|отправлено через|послано с",
    },
    // Ukrainian and Belarusian
    Language {
        wrote: "написав|написала|пише|писали|напісаў|написав(ла)",
        begins: "",
        original: "початкове повідомлення|вихідне повідомлення|оригінальне повідомлення|переслане повідомлення|перенаправлене повідомлення|початок листа",
        from: "від|від кого",
        date: "надіслано|дата|відправлено",
        to: "кому",
        cc: "копія",
        subject: "тема",
        sent: "надіслано з|надіслано через|відправлено з",
    },
    // Bulgarian and Macedonian
    Language {
        wrote: "написа|напиша",
        begins: "на",
        original: "оригинално писмо|оригинално съобщение|препратено съобщение|оригинална порака",
        from: "от|од",
        date: "изпратено|дата|испратено",
        to: "до|за",
        cc: "копие|як",
        subject: "относно|тема",
        sent: "изпратено от|изпратено с",
    },
    // Greek
    Language {
        wrote: "έγραψε|έγραψαν",
        begins: "στις|στις,|την",
        original: "αρχικό μήνυμα|προωθημένο μήνυμα|πρωτότυπο μήνυμα",
        from: "από|αποστολέας",
        date: "εστάλη|στάλθηκε|αποστολή|ημερομηνία|ημ/νία",
        to: "προς",
        cc: "κοιν.|κοιν|κοινοποίηση",
        subject: "θέμα",
        sent: "στάλθηκε από|εστάλη από|στάλθηκε με",
    },
    // Turkish
    Language {
        wrote: "yazdı|yazmış|yazdığı",
        begins: "",
        original: "orijinal mesaj|özgün ileti|orijinal ileti|iletilen ileti|iletilmiş mesaj|ileti başlangıcı|asıl mesaj",
        from: "kimden|gönderen",
        date: "gönderildi|tarih|gönderme tarihi|gönderim tarihi",
        to: "kime|alıcı",
        cc: "bilgi",
        subject: "konu",
        sent: "gönderildi|gönderilmiştir",
    },
    // Hebrew
    Language {
        wrote: "כתב|כתבה|מאת",
        begins: "בתאריך|ב",
        original: "הודעה מקורית|ההודעה המקורית|הודעה שהועברה",
        from: "מאת",
        date: "נשלח|תאריך|נשלח בתאריך",
        to: "אל",
        cc: "עותק|העתק",
        subject: "נושא",
        sent: "נשלח מה|נשלח מ",
    },
    // Arabic
    Language {
        wrote: "كتب|كتبت|كتابة ما يلي",
        begins: "في|على",
        original: "الرسالة الأصلية|الرسالة الأصليَّة|رسالة أصلية|رسالة معاد توجيهها|الرسالة المحولة",
        from: "من|المرسل",
        date: "تم الإرسال|تاريخ الإرسال|تاريخ|التاريخ|أرسلت|مرسل",
        to: "إلى|الى",
        cc: "نسخة|نسخة إلى",
        subject: "الموضوع",
        sent: "أُرسلت من|أرسلت من|تم الإرسال من|مرسل من",
    },
    // Persian
    Language {
        wrote: "نوشت|نوشته",
        begins: "در",
        original: "پیام اصلی|پیام هدایت‌شده|پیام فوروارد شده|پیام ارسال شده",
        from: "از|فرستنده",
        date: "ارسال شده|ارسال|تاریخ",
        to: "به|گیرنده",
        cc: "رونوشت",
        subject: "موضوع",
        sent: "ارسال شده از|ارسال از",
    },
    // Hindi
    Language {
        wrote: "ने लिखा",
        begins: "",
        original: "मूल संदेश|अग्रेषित संदेश",
        from: "प्रेषक|से",
        date: "भेजा गया|दिनांक",
        to: "प्रति|प्राप्तकर्ता",
        cc: "प्रतिलिपि",
        subject: "विषय",
        sent: "भेजा गया",
    },
    // Japanese
    Language {
        wrote: "のメール|のメッセージ|は書きました|さんは書きました|が書きました|さんから",
        begins: "",
        original: "元のメッセージ|元のメール|転送メッセージ|転送されたメッセージ|オリジナルメッセージ|original message",
        from: "差出人|送信者|送信元",
        date: "送信日時|日時|日付|送信日",
        to: "宛先",
        cc: "cc|ｃｃ",
        subject: "件名",
        sent: "から送信|より送信|から送信されました",
    },
    // Chinese, simplified
    Language {
        wrote: "写道|写到|写于",
        begins: "在",
        original: "原始邮件|原始消息|原邮件|转发邮件|转发的邮件|回复的原邮件|回复的邮件|转发的消息",
        from: "发件人|寄件人|发送人",
        date: "发送时间|日期|时间|发件日期|发送日期|已发送",
        to: "收件人",
        cc: "抄送|抄送人",
        subject: "主题",
        sent: "发自我的|发自|来自我的|从我的",
    },
    // Chinese, traditional
    Language {
        wrote: "寫道|寫於",
        begins: "在|於",
        original: "原始郵件|原始訊息|原始信件|轉寄郵件|轉寄的郵件|轉寄訊息|郵件原件",
        from: "寄件者|寄件人|發件人",
        date: "寄件日期|日期|已傳送|傳送時間|傳送日期|寄件時間",
        to: "收件者|收件人",
        cc: "副本|抄送",
        subject: "主旨|主題",
        sent: "從我的|傳送自我的|寄自我的|傳送自|寄自",
    },
    // Korean
    Language {
        wrote: "작성|쓴 글|님이 작성|님이 쓴 글|씀",
        begins: "",
        original: "원본 메시지|원본메시지|전달된 메시지|원본 메일|original message",
        from: "보낸 사람|보낸사람|발신",
        date: "보낸 날짜|보낸 시간|날짜|보낸날짜|일시",
        to: "받는 사람|받는사람|수신",
        cc: "참조|숨은 참조",
        subject: "제목",
        sent: "에서 보냄|에서 보낸|에서 전송|에서 발송",
    },
    // Thai
    Language {
        wrote: "เขียนว่า|ได้เขียน|เขียน",
        begins: "ในวันที่|เมื่อ|เมื่อวันที่|วันที่",
        original: "ข้อความต้นฉบับ|ข้อความเดิม|ข้อความที่ส่งต่อ",
        from: "จาก|ผู้ส่ง",
        date: "ส่ง|ส่งเมื่อ|วันที่|วันที่ส่ง",
        to: "ถึง|ผู้รับ",
        cc: "สำเนา|สำเนาถึง",
        subject: "เรื่อง|หัวเรื่อง",
        sent: "ส่งจาก",
    },
    // Vietnamese, Indonesian and Malay
    Language {
        wrote: "viết|menulis|menuliskan",
        begins: "vào|pada|ngày|lúc",
        original: "thư gốc|tin nhắn gốc|thư gốc|pesan asli|pesan terusan|pesan yang diteruskan|mesej asal|tin nhắn được chuyển tiếp",
        from: "từ|người gửi|dari",
        date: "đã gửi|ngày|ngày gửi|gửi|tanggal|dikirim|terkirim|thời gian",
        to: "đến|tới|kepada|ke|người nhận",
        cc: "tembusan|đồng gửi",
        subject: "chủ đề|tiêu đề|perihal|subjek|hal",
        sent: "đã gửi từ|được gửi từ|gửi từ|dikirim dari|terkirim dari|dihantar dari",
    },
];

/// What phones and programs call themselves where a mail says what it was written with.
pub(super) const DEVICES: &str = "iphon|ipad|ipod|apple watch|macbook|android|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|oppo|vivo|oneplus|motorola|moto |nokia|pixel|sony|xperia|htc|lg |blackberry|windows|mail for windows|mail für windows|pour windows|outlook|yahoo|proton|gmail|k-9|k9|fairemail|thunderbird|spark|bluemail|aqua mail|nine|gmx|web.de|libero|mail.ru|yandex|qq|zoho|tutanota|smartphone|telefon|phone|mobil|handy|tablet|móvil|mobile|ios|手机|手機";

/// Lines that advertise a program without the word "sent".
pub(super) const ADVERTS: &str = "get outlook for|outlook für ios|outlook für android|outlook for ios|outlook for android|outlook voor ios|outlook voor android|outlook pour ios|outlook pour android|outlook для ios|outlook для android|holen sie sich outlook|télécharger outlook|obtener outlook|obtenga outlook|ottieni outlook|scarica outlook|obtenha o outlook|obter o outlook|download outlook|skaffa outlook|hent outlook|hanki outlook|pobierz outlook|získat outlook|скачать outlook|获取 outlook|取得 outlook";

/// How salutations begin.
pub(super) const GREETINGS: &str = "hello|hi|hey|dear|good morning|good afternoon|hallo|guten|liebe|lieber|sehr geehrte|moin|servus|grüezi|bonjour|bonsoir|salut|cher|chère|hola|buenos|buenas|estimad|ciao|buongiorno|salve|gentile|olá|ola|bom dia|boa tarde|prezad|dag|beste|geachte|goedemorgen|goedemiddag|hej|god|tjena|moi|hei|terve|hyvä|dzień dobry|cześć|witam|szanown|dobrý den|dobrý deň|ahoj|vážen|zdravo|dobar dan|pozdrav|szia|jó napot|kedves|tisztelt|bună|tere|sveiki|laba diena|здравствуйте|добрый|привет|уважаем|добрий|вітаю|шановн|здравейте|γεια|καλημέρα|αγαπητ|merhaba|selam|iyi günler|sayın|שלום|היי|مرحبا|السلام عليكم|أهلا|سلام|درود|नमस्ते|こんにちは|お世話|您好|你好|안녕하세요|สวัสดี|xin chào|chào|kính gửi|halo|selamat";
