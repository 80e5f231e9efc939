//! What mail clients write around the message they answer, a table with one entry per language: adding a language adds an
//! entry. Words are lower case, parted by `|`, as Outlook, Gmail, Apple Mail, Thunderbird and the large web mailers have them.

use crate::lookup::list;

/// The words of one language.
pub(super) struct Language {
    /// Verbs of attributions ("Anna wrote:").
    pub wrote: &'static [&'static str],
    /// Words that attributions begin with, besides numbers, names and days of the week.
    pub begins: &'static [&'static str],
    /// "Original message" and "Forwarded message", as they stand between dashes or before a colon.
    pub original: &'static [&'static str],
    /// Names of the fields above an older message: who wrote it,
    pub from: &'static [&'static str],
    /// when,
    pub date: &'static [&'static str],
    /// to whom,
    pub to: &'static [&'static str],
    /// to whom else,
    pub cc: &'static [&'static str],
    /// and about what.
    pub subject: &'static [&'static str],
    /// How a phone says where a mail was written: the words before or behind its own name.
    pub sent: &'static [&'static str],
}

/// Every language.
pub(super) static LANGUAGES: [Language; 38] = [
    // English
    Language {
        wrote: list!("wrote|writes"),
        begins: list!("on|at|in a message dated"),
        original: list!(
            "original message|original appointment|forwarded message|forwarded by|begin forwarded message|reply message|reply above this line|replied message|original email"
        ),
        from: list!("from"),
        date: list!("sent|date|sent at"),
        to: list!("to"),
        cc: list!("cc|bcc"),
        subject: list!("subject"),
        sent: list!("sent from|sent via|sent with|sent using|sent by"),
    },
    // German
    Language {
        wrote: list!("schrieb|schrieben|schreibt|geschrieben"),
        begins: list!("am"),
        original: list!(
            "ursprüngliche nachricht|originalnachricht|original-nachricht|original nachricht|originale nachricht|ursprüngliche mitteilung|weitergeleitete nachricht|anfang der weitergeleiteten|weitergeleitet von|ursprünglicher termin"
        ),
        from: list!("von"),
        date: list!("gesendet|datum|gesendet am"),
        to: list!("an"),
        cc: list!("kopie"),
        subject: list!("betreff|thema"),
        sent: list!("gesendet von|gesendet mit|gesendet über|gesendet|diese nachricht wurde von|verfasst mit"),
    },
    // French
    Language {
        wrote: list!("écrit|écrivait"),
        begins: list!("le"),
        original: list!(
            "message d'origine|message d’origine|message original|message transféré|message transmis|message initial|courriel original|e-mail d'origine|début du message|rendez-vous d'origine"
        ),
        from: list!("de|expéditeur"),
        date: list!("envoyé|date|envoyé le"),
        to: list!("à|a|pour"),
        cc: list!("cc|copie|copie à"),
        subject: list!("objet|sujet"),
        sent: list!("envoyé de|envoyé depuis|envoyé à partir d|envoyé avec|envoyé via"),
    },
    // Spanish
    Language {
        wrote: list!("escribió|escribio|escrito"),
        begins: list!("el"),
        original: list!("mensaje original|mensaje reenviado|inicio del mensaje reenviado|correo original|cita original"),
        from: list!("de"),
        date: list!("enviado|enviado el|enviados|fecha|enviado a las"),
        to: list!("para"),
        cc: list!("cc|con copia"),
        subject: list!("asunto"),
        sent: list!("enviado desde|enviado con|enviado por"),
    },
    // Italian
    Language {
        wrote: list!("scritto|scrisse|scrive"),
        begins: list!("il"),
        original: list!("messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|original message"),
        from: list!("da|mittente"),
        date: list!("inviato|data"),
        to: list!("a"),
        cc: list!("cc"),
        subject: list!("oggetto"),
        sent: list!("inviato da|inviato dal|inviato con"),
    },
    // Portuguese
    Language {
        wrote: list!("escreveu"),
        begins: list!("em|no dia|a"),
        original: list!("mensagem original|mensagem encaminhada|mensagem reencaminhada|início da mensagem"),
        from: list!("de"),
        date: list!("enviado|enviada em|enviada|data|enviado em"),
        to: list!("para"),
        cc: list!("cc"),
        subject: list!("assunto"),
        sent: list!("enviado do|enviado a partir|enviado de|enviado via|enviado pelo"),
    },
    // Dutch
    Language {
        wrote: list!("schreef|geschreven"),
        begins: list!("op"),
        original: list!(
            "oorspronkelijk bericht|origineel bericht|oorspronkelijk e-mailbericht|doorgestuurd bericht|begin doorgestuurd bericht"
        ),
        from: list!("van|afzender"),
        date: list!("verzonden|datum|verzonden op"),
        to: list!("aan"),
        cc: list!("cc|kopie"),
        subject: list!("onderwerp"),
        sent: list!("verzonden vanaf|verstuurd vanaf|verstuurd met|verzonden met|verzonden via"),
    },
    // Swedish
    Language {
        wrote: list!("skrev|följande"),
        begins: list!("den"),
        original: list!(
            "ursprungligt meddelande|ursprungsmeddelande|originalmeddelande|vidarebefordrat meddelande|vidarebefordrat mejl"
        ),
        from: list!("från"),
        date: list!("skickat|datum"),
        to: list!("till"),
        cc: list!("kopia"),
        subject: list!("ämne"),
        sent: list!("skickat från|skickades från|skickat med"),
    },
    // Danish
    Language {
        wrote: list!("skrev"),
        begins: list!("den"),
        original: list!(
            "oprindelig meddelelse|original meddelelse|videresendt meddelelse|start på videresendt|oprindelig besked"
        ),
        from: list!("fra"),
        date: list!("sendt|dato"),
        to: list!("til"),
        cc: list!("cc|kopi"),
        subject: list!("emne"),
        sent: list!("sendt fra|sendt via|sendt med"),
    },
    // Norwegian
    Language {
        wrote: list!("skrev|skreiv"),
        begins: list!("den"),
        original: list!("opprinnelig melding|original melding|videresendt melding|opphavleg melding"),
        from: list!("fra|frå"),
        date: list!("sendt|dato"),
        to: list!("til"),
        cc: list!("kopi"),
        subject: list!("emne"),
        sent: list!("sendt fra|sendt med"),
    },
    // Finnish
    Language {
        wrote: list!("kirjoitti"),
        begins: list!("ma|ti|ke|to|pe|la|su"),
        original: list!("alkuperäinen viesti|edelleenlähetetty viesti|välitetty viesti"),
        from: list!("lähettäjä"),
        date: list!("lähetetty|päiväys|pvm|päivä"),
        to: list!("vastaanottaja"),
        cc: list!("kopio|kopiot"),
        subject: list!("aihe"),
        sent: list!("lähetetty"),
    },
    // Icelandic
    Language {
        wrote: list!("skrifaði|skrifaði"),
        begins: list!("þann"),
        original: list!("upprunalegur póstur|upprunaleg skilaboð"),
        from: list!("frá"),
        date: list!("sent|dagsetning"),
        to: list!("til"),
        cc: list!("afrit"),
        subject: list!("efni"),
        sent: list!("sent úr"),
    },
    // Polish
    Language {
        wrote: list!("napisał|napisała|napisano|napisana|pisze"),
        begins: list!("w dniu|dnia|wiadomość"),
        original: list!(
            "wiadomość oryginalna|oryginalna wiadomość|treść oryginalnej wiadomości|wiadomość przekazana|przekazana wiadomość|treść przekazanej|początek przekazywanej"
        ),
        from: list!("od|nadawca"),
        date: list!("wysłano|wysłane|data"),
        to: list!("do|adresat"),
        cc: list!("dw|kopia"),
        subject: list!("temat"),
        sent: list!("wysłane z|wysłano z|wysłane przez"),
    },
    // Czech
    Language {
        wrote: list!("napsal|napsala|napsal/a"),
        begins: list!("dne|po|út|st|čt|pá|so|ne"),
        original: list!("původní zpráva|přeposlaná zpráva|začátek přeposílané|původní e-mail"),
        from: list!("od|odesílatel"),
        date: list!("odesláno|datum"),
        to: list!("komu"),
        cc: list!("kopie"),
        subject: list!("předmět"),
        sent: list!("odesláno z|odesláno ze"),
    },
    // Slovak
    Language {
        wrote: list!("napísal|napísala"),
        begins: list!("dňa"),
        original: list!("pôvodná správa|preposlaná správa|začiatok preposlanej"),
        from: list!("od|odosielateľ"),
        date: list!("odoslané|dátum"),
        to: list!("komu|pre"),
        cc: list!("kópia"),
        subject: list!("predmet"),
        sent: list!("odoslané z|odoslané zo"),
    },
    // Slovenian
    Language {
        wrote: list!("napisal|napisala"),
        begins: list!("v|dne"),
        original: list!("izvirno sporočilo|prvotno sporočilo|posredovano sporočilo"),
        from: list!("od|pošiljatelj"),
        date: list!("poslano|datum"),
        to: list!("za"),
        cc: list!("kp"),
        subject: list!("zadeva"),
        sent: list!("poslano iz|poslano z"),
    },
    // Croatian, Bosnian, Serbian in Latin letters
    Language {
        wrote: list!("napisao|napisala|napisao/la"),
        begins: list!("dana"),
        original: list!("izvorna poruka|originalna poruka|proslijeđena poruka|prosleđena poruka|započni proslijeđenu"),
        from: list!("od|šalje|pošiljatelj"),
        date: list!("poslano|poslato|datum"),
        to: list!("za|prima"),
        cc: list!("kopija"),
        subject: list!("predmet|naslov"),
        sent: list!("poslano s|poslano sa|poslato sa|poslato iz"),
    },
    // Hungarian
    Language {
        wrote: list!("írta|írt"),
        begins: &[],
        original: list!("eredeti üzenet|eredeti levél|továbbított üzenet|továbbított levél"),
        from: list!("feladó|küldő"),
        date: list!("elküldve|küldve|dátum|küldés ideje"),
        to: list!("címzett|címzettek"),
        cc: list!("másolat|másolatot kap"),
        subject: list!("tárgy"),
        sent: list!("elküldve|küldve"),
    },
    // Romanian
    Language {
        wrote: list!("scris"),
        begins: list!("în|pe|la"),
        original: list!("mesaj original|mesajul original|mesaj iniţial|mesaj redirecționat|începe mesajul"),
        from: list!("de la|expeditor|expeditorul"),
        date: list!("trimis|dată|data|trimisă"),
        to: list!("către|destinatarul"),
        cc: list!("cc"),
        subject: list!("subiect|subiectul"),
        sent: list!("trimis de pe|trimis de la|trimis din"),
    },
    // Estonian
    Language {
        wrote: list!("kirjutas"),
        begins: list!("kuupäev|kuupäeval"),
        original: list!("algne kiri|algsõnum|edastatud kiri"),
        from: list!("saatja"),
        date: list!("saadetud|kuupäev|saatmisaeg"),
        to: list!("adressaat|saaja"),
        cc: list!("koopia"),
        subject: list!("teema"),
        sent: list!("saadetud"),
    },
    // Latvian
    Language {
        wrote: list!("rakstīja"),
        begins: &[],
        original: list!("sākotnējais ziņojums|oriģinālā ziņa|pārsūtītā ziņa"),
        from: list!("no|sūtītājs"),
        date: list!("nosūtīts|datums"),
        to: list!("kam"),
        cc: list!("kopija"),
        subject: list!("temats|tēma"),
        sent: list!("nosūtīts no"),
    },
    // Lithuanian
    Language {
        wrote: list!("rašė|parašė"),
        begins: &[],
        original: list!("originalus laiškas|pradinis laiškas|persiųstas laiškas"),
        from: list!("nuo|siuntėjas"),
        date: list!("išsiųsta|data"),
        to: list!("kam|iki"),
        cc: list!("kopija"),
        subject: list!("tema"),
        sent: list!("išsiųsta iš"),
    },
    // Catalan and Galician
    Language {
        wrote: list!("escriure|escrit|escribiu"),
        begins: list!("el|missatge de|o"),
        original: list!("missatge original|missatge reenviat|mensaxe orixinal"),
        from: list!("de"),
        date: list!("enviat|data|enviado"),
        to: list!("per a|a|para"),
        cc: list!("a/c"),
        subject: list!("tema|assumpte|asunto"),
        sent: list!("enviat des de|enviat des del|enviado dende"),
    },
    // Russian
    Language {
        wrote: list!("написал|написала|пишет|писал|писала|писали"),
        begins: &[],
        original: list!(
            "исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|начало переадресованного|первоначальное сообщение"
        ),
        from: list!("от|отправитель|от кого"),
        date: list!("отправлено|дата|послано"),
        to: list!("кому"),
        cc: list!("копия"),
        subject: list!("тема"),
        sent: list!("отправлено с|отправлено из|отправлено через|послано с"),
    },
    // Ukrainian and Belarusian
    Language {
        wrote: list!("написав|написала|пише|писали|напісаў|написав(ла)"),
        begins: &[],
        original: list!(
            "початкове повідомлення|вихідне повідомлення|оригінальне повідомлення|переслане повідомлення|перенаправлене повідомлення|початок листа"
        ),
        from: list!("від|від кого"),
        date: list!("надіслано|дата|відправлено"),
        to: list!("кому"),
        cc: list!("копія"),
        subject: list!("тема"),
        sent: list!("надіслано з|надіслано через|відправлено з"),
    },
    // Bulgarian and Macedonian
    Language {
        wrote: list!("написа|напиша"),
        begins: list!("на"),
        original: list!("оригинално писмо|оригинално съобщение|препратено съобщение|оригинална порака"),
        from: list!("от|од"),
        date: list!("изпратено|дата|испратено"),
        to: list!("до|за"),
        cc: list!("копие|як"),
        subject: list!("относно|тема"),
        sent: list!("изпратено от|изпратено с"),
    },
    // Greek
    Language {
        wrote: list!("έγραψε|έγραψαν"),
        begins: list!("στις|στις,|την"),
        original: list!("αρχικό μήνυμα|προωθημένο μήνυμα|πρωτότυπο μήνυμα"),
        from: list!("από|αποστολέας"),
        date: list!("εστάλη|στάλθηκε|αποστολή|ημερομηνία|ημ/νία"),
        to: list!("προς"),
        cc: list!("κοιν.|κοιν|κοινοποίηση"),
        subject: list!("θέμα"),
        sent: list!("στάλθηκε από|εστάλη από|στάλθηκε με"),
    },
    // Turkish
    Language {
        wrote: list!("yazdı|yazmış|yazdığı"),
        begins: &[],
        original: list!("orijinal mesaj|özgün ileti|orijinal ileti|iletilen ileti|iletilmiş mesaj|ileti başlangıcı|asıl mesaj"),
        from: list!("kimden|gönderen"),
        date: list!("gönderildi|tarih|gönderme tarihi|gönderim tarihi"),
        to: list!("kime|alıcı"),
        cc: list!("bilgi"),
        subject: list!("konu"),
        sent: list!("gönderildi|gönderilmiştir"),
    },
    // Hebrew
    Language {
        wrote: list!("כתב|כתבה|מאת"),
        begins: list!("בתאריך|ב"),
        original: list!("הודעה מקורית|ההודעה המקורית|הודעה שהועברה"),
        from: list!("מאת"),
        date: list!("נשלח|תאריך|נשלח בתאריך"),
        to: list!("אל"),
        cc: list!("עותק|העתק"),
        subject: list!("נושא"),
        sent: list!("נשלח מה|נשלח מ"),
    },
    // Arabic
    Language {
        wrote: list!("كتب|كتبت|كتابة ما يلي"),
        begins: list!("في|على"),
        original: list!("الرسالة الأصلية|الرسالة الأصليَّة|رسالة أصلية|رسالة معاد توجيهها|الرسالة المحولة"),
        from: list!("من|المرسل"),
        date: list!("تم الإرسال|تاريخ الإرسال|تاريخ|التاريخ|أرسلت|مرسل"),
        to: list!("إلى|الى"),
        cc: list!("نسخة|نسخة إلى"),
        subject: list!("الموضوع"),
        sent: list!("أُرسلت من|أرسلت من|تم الإرسال من|مرسل من"),
    },
    // Persian
    Language {
        wrote: list!("نوشت|نوشته"),
        begins: list!("در"),
        original: list!("پیام اصلی|پیام هدایت‌شده|پیام فوروارد شده|پیام ارسال شده"),
        from: list!("از|فرستنده"),
        date: list!("ارسال شده|ارسال|تاریخ"),
        to: list!("به|گیرنده"),
        cc: list!("رونوشت"),
        subject: list!("موضوع"),
        sent: list!("ارسال شده از|ارسال از"),
    },
    // Hindi
    Language {
        wrote: list!("ने लिखा"),
        begins: &[],
        original: list!("मूल संदेश|अग्रेषित संदेश"),
        from: list!("प्रेषक|से"),
        date: list!("भेजा गया|दिनांक"),
        to: list!("प्रति|प्राप्तकर्ता"),
        cc: list!("प्रतिलिपि"),
        subject: list!("विषय"),
        sent: list!("भेजा गया"),
    },
    // Japanese
    Language {
        wrote: list!("のメール|のメッセージ|は書きました|さんは書きました|が書きました|さんから"),
        begins: &[],
        original: list!("元のメッセージ|元のメール|転送メッセージ|転送されたメッセージ|オリジナルメッセージ|original message"),
        from: list!("差出人|送信者|送信元"),
        date: list!("送信日時|日時|日付|送信日"),
        to: list!("宛先"),
        cc: list!("cc|ｃｃ"),
        subject: list!("件名"),
        sent: list!("から送信|より送信|から送信されました"),
    },
    // Chinese, simplified
    Language {
        wrote: list!("写道|写到|写于"),
        begins: list!("在"),
        original: list!("原始邮件|原始消息|原邮件|转发邮件|转发的邮件|回复的原邮件|回复的邮件|转发的消息"),
        from: list!("发件人|寄件人|发送人"),
        date: list!("发送时间|日期|时间|发件日期|发送日期|已发送"),
        to: list!("收件人"),
        cc: list!("抄送|抄送人"),
        subject: list!("主题"),
        sent: list!("发自我的|发自|来自我的|从我的"),
    },
    // Chinese, traditional
    Language {
        wrote: list!("寫道|寫於"),
        begins: list!("在|於"),
        original: list!("原始郵件|原始訊息|原始信件|轉寄郵件|轉寄的郵件|轉寄訊息|郵件原件"),
        from: list!("寄件者|寄件人|發件人"),
        date: list!("寄件日期|日期|已傳送|傳送時間|傳送日期|寄件時間"),
        to: list!("收件者|收件人"),
        cc: list!("副本|抄送"),
        subject: list!("主旨|主題"),
        sent: list!("從我的|傳送自我的|寄自我的|傳送自|寄自"),
    },
    // Korean
    Language {
        wrote: list!("작성|쓴 글|님이 작성|님이 쓴 글|씀"),
        begins: &[],
        original: list!("원본 메시지|원본메시지|전달된 메시지|원본 메일|original message"),
        from: list!("보낸 사람|보낸사람|발신"),
        date: list!("보낸 날짜|보낸 시간|날짜|보낸날짜|일시"),
        to: list!("받는 사람|받는사람|수신"),
        cc: list!("참조|숨은 참조"),
        subject: list!("제목"),
        sent: list!("에서 보냄|에서 보낸|에서 전송|에서 발송"),
    },
    // Thai
    Language {
        wrote: list!("เขียนว่า|ได้เขียน|เขียน"),
        begins: list!("ในวันที่|เมื่อ|เมื่อวันที่|วันที่"),
        original: list!("ข้อความต้นฉบับ|ข้อความเดิม|ข้อความที่ส่งต่อ"),
        from: list!("จาก|ผู้ส่ง"),
        date: list!("ส่ง|ส่งเมื่อ|วันที่|วันที่ส่ง"),
        to: list!("ถึง|ผู้รับ"),
        cc: list!("สำเนา|สำเนาถึง"),
        subject: list!("เรื่อง|หัวเรื่อง"),
        sent: list!("ส่งจาก"),
    },
    // Vietnamese, Indonesian and Malay
    Language {
        wrote: list!("viết|menulis|menuliskan"),
        begins: list!("vào|pada|ngày|lúc"),
        original: list!(
            "thư gốc|tin nhắn gốc|thư gốc|pesan asli|pesan terusan|pesan yang diteruskan|mesej asal|tin nhắn được chuyển tiếp"
        ),
        from: list!("từ|người gửi|dari"),
        date: list!("đã gửi|ngày|ngày gửi|gửi|tanggal|dikirim|terkirim|thời gian"),
        to: list!("đến|tới|kepada|ke|người nhận"),
        cc: list!("tembusan|đồng gửi"),
        subject: list!("chủ đề|tiêu đề|perihal|subjek|hal"),
        sent: list!("đã gửi từ|được gửi từ|gửi từ|dikirim dari|terkirim dari|dihantar dari"),
    },
];
