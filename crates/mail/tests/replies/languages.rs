//! How the clients speak, one entry per language, and what a customer answers in it.

/// A language of the grid.
pub struct Language {
    pub code: &'static str,
    /// Attributions of Gmail, Apple Mail and Thunderbird, as they introduce a mail of Support on 2 November 2026, 9:12.
    pub gmail: &'static str,
    pub apple: &'static str,
    pub thunderbird: &'static str,
    /// Outlook's fields: from, sent, to, subject.
    pub labels: [&'static str; 4],
    /// "Original Message".
    pub original: &'static str,
    pub iphone: &'static str,
    pub android: &'static str,
    /// A date as header blocks have it.
    pub date: &'static str,
    /// An answer above or below, an answer to the first and to the second question.
    pub answers: [&'static str; 3],
}

macro_rules! languages {
    ($($code:literal $gmail:literal $apple:literal $thunderbird:literal [$from:literal $sent:literal $to:literal $subject:literal]
        $original:literal $iphone:literal $android:literal $date:literal $whole:literal $first:literal $second:literal)*) => {
        pub const LANGUAGES: &[Language] = &[$(Language {
            code: $code, gmail: $gmail, apple: $apple, thunderbird: $thunderbird,
            labels: [$from, $sent, $to, $subject], original: $original, iphone: $iphone, android: $android, date: $date,
            answers: [$whole, $first, $second],
        }),*];
    };
}

languages! {
"en" "On Mon, Nov 2, 2026 at 9:12 AM Support <support@example.org> wrote:" "On 2 Nov 2026, at 09:12, Support <support@example.org> wrote:" "On 02/11/2026 09:12, Support wrote:"
 ["From:" "Sent:" "To:" "Subject:"] "Original Message" "Sent from my iPhone" "Sent from my Galaxy" "Monday, November 2, 2026 9:12 AM"
 "It works again since this morning.\nYou can close the request." "The one near the stairs." "Since last Friday, I think."
"de" "Am Mo., 2. Nov. 2026 um 09:12 Uhr schrieb Support <support@example.org>:" "Am 02.11.2026 um 09:12 schrieb Support <support@example.org>:" "Am 02.11.26 um 09:12 schrieb Support:"
 ["Von:" "Gesendet:" "An:" "Betreff:"] "Ursprüngliche Nachricht" "Von meinem iPhone gesendet" "Von meinem Galaxy gesendet" "Montag, 2. November 2026 09:12"
 "Seit heute früh geht er wieder.\nSie können das Ticket schließen." "Der neben der Treppe." "Seit letztem Freitag, glaube ich."
"fr" "Le lun. 2 nov. 2026 à 09:12, Support <support@example.org> a écrit :" "Le 2 nov. 2026 à 09:12, Support <support@example.org> a écrit :" "Le 02/11/2026 à 09:12, Support a écrit :"
 ["De :" "Envoyé :" "À :" "Objet :"] "Message d'origine" "Envoyé de mon iPhone" "Envoyé depuis mon appareil Galaxy" "lundi 2 novembre 2026 09:12"
 "Elle remarche depuis ce matin.\nVous pouvez fermer la demande." "Celle près de l'escalier." "Depuis vendredi dernier, je crois."
"es" "El lun, 2 nov 2026 a las 9:12, Support (<support@example.org>) escribió:" "El 2 nov 2026, a las 9:12, Support <support@example.org> escribió:" "El 2/11/26 a las 9:12, Support escribió:"
 ["De:" "Enviado el:" "Para:" "Asunto:"] "Mensaje original" "Enviado desde mi iPhone" "Enviado desde mi Galaxy" "lunes, 2 de noviembre de 2026 9:12"
 "Funciona otra vez desde esta mañana.\nPueden cerrar la solicitud." "La que está junto a la escalera." "Desde el viernes pasado, creo."
"it" "Il giorno lun 2 nov 2026 alle ore 09:12 Support <support@example.org> ha scritto:" "Il giorno 2 nov 2026, alle ore 09:12, Support <support@example.org> ha scritto:" "Il 02/11/2026 09:12, Support ha scritto:"
 ["Da:" "Inviato:" "A:" "Oggetto:"] "Messaggio originale" "Inviato da iPhone" "Inviato dal mio Galaxy" "lunedì 2 novembre 2026 09:12"
 "Da stamattina funziona di nuovo.\nPotete chiudere la richiesta." "Quella vicino alle scale." "Da venerdì scorso, credo."
"pt" "Em seg., 2 de nov. de 2026 às 09:12, Support <support@example.org> escreveu:" "No dia 2/11/2026, às 09:12, Support <support@example.org> escreveu:" "Em 02/11/2026 09:12, Support escreveu:"
 ["De:" "Enviada em:" "Para:" "Assunto:"] "Mensagem original" "Enviado do meu iPhone" "Enviado do meu Galaxy" "segunda-feira, 2 de novembro de 2026 09:12"
 "Voltou a funcionar hoje de manhã.\nPodem encerrar o pedido." "A que fica perto da escada." "Desde sexta passada, acho eu."
"nl" "Op ma 2 nov 2026 om 09:12 schreef Support <support@example.org>:" "Op 2 nov. 2026, om 09:12 heeft Support <support@example.org> het volgende geschreven:" "Op 02-11-2026 om 09:12 schreef Support:"
 ["Van:" "Verzonden:" "Aan:" "Onderwerp:"] "Oorspronkelijk bericht" "Verstuurd vanaf mijn iPhone" "Verzonden vanaf mijn Galaxy" "maandag 2 november 2026 09:12"
 "Hij doet het weer sinds vanmorgen.\nU kunt de melding sluiten." "Die bij de trap." "Sinds afgelopen vrijdag, denk ik."
"sv" "Den mån 2 nov. 2026 kl 09:12 skrev Support <support@example.org>:" "2 nov. 2026 kl. 09:12 skrev Support <support@example.org>:" "Den 2026-11-02 kl. 09:12, skrev Support:"
 ["Från:" "Skickat:" "Till:" "Ämne:"] "Ursprungligt meddelande" "Skickat från min iPhone" "Skickat från min Galaxy" "den 2 november 2026 09:12"
 "Den fungerar igen sedan i morse.\nNi kan stänga ärendet." "Den vid trappan." "Sedan i fredags, tror jag."
"da" "Den man. 2. nov. 2026 kl. 09.12 skrev Support <support@example.org>:" "Den 2. nov. 2026 kl. 09.12 skrev Support <support@example.org>:" "Den 02.11.2026 kl. 09.12 skrev Support:"
 ["Fra:" "Sendt:" "Til:" "Emne:"] "Oprindelig meddelelse" "Sendt fra min iPhone" "Sendt fra min Galaxy" "2. november 2026 09:12"
 "Den virker igen siden i morges.\nI kan lukke sagen." "Den ved trappen." "Siden i fredags, tror jeg."
"nb" "man. 2. nov. 2026 kl. 09:12 skrev Support <support@example.org>:" "2. nov. 2026 kl. 09:12 skrev Support <support@example.org>:" "Den 02.11.2026 09:12, skrev Support:"
 ["Fra:" "Sendt:" "Til:" "Emne:"] "Opprinnelig melding" "Sendt fra min iPhone" "Sendt fra min Galaxy" "mandag 2. november 2026 09:12"
 "Den virker igjen fra i dag tidlig.\nDere kan lukke saken." "Den ved trappa." "Siden forrige fredag, tror jeg."
"fi" "ma 2. marrask. 2026 klo 9.12 Support (support@example.org) kirjoitti:" "Support <support@example.org> kirjoitti 2.11.2026 kello 9.12:" "Support kirjoitti 2.11.2026 klo 9.12:"
 ["Lähettäjä:" "Lähetetty:" "Vastaanottaja:" "Aihe:"] "Alkuperäinen viesti" "Lähetetty iPhonesta" "Lähetetty Galaxy-laitteesta" "maanantai 2. marraskuuta 2026 9.12"
 "Se toimii taas aamusta lähtien.\nPyynnön voi sulkea." "Portaiden vieressä oleva." "Viime perjantaista, luulisin."
"pl" "pon., 2 lis 2026 o 09:12 Support <support@example.org> napisał(a):" "Wiadomość napisana przez Support <support@example.org> w dniu 2 lis 2026, o godz. 09:12:" "W dniu 02.11.2026 o 09:12, Support pisze:"
 ["Od:" "Wysłano:" "Do:" "Temat:"] "Wiadomość oryginalna" "Wysłane z iPhone'a" "Wysłano z telefonu Galaxy" "poniedziałek, 2 listopada 2026 09:12"
 "Działa znowu od dziś rana.\nMożna zamknąć zgłoszenie." "Ta przy schodach." "Chyba od zeszłego piątku."
"cs" "po 2. 11. 2026 v 9:12 odesílatel Support <support@example.org> napsal:" "2. 11. 2026 v 9:12, Support <support@example.org>:" "Dne 02. 11. 26 v 9:12 Support napsal(a):"
 ["Od:" "Odesláno:" "Komu:" "Předmět:"] "Původní zpráva" "Odesláno z iPhonu" "Odesláno z mého telefonu Galaxy" "pondělí 2. listopadu 2026 9:12"
 "Od rána zase funguje.\nPožadavek můžete uzavřít." "Ta u schodů." "Myslím, že od minulého pátku."
"sk" "po 2. 11. 2026 o 9:12 Support <support@example.org> napísal(a):" "2. 11. 2026 o 9:12, Support <support@example.org> napísal:" "Dňa 2. 11. 2026 o 9:12 Support napísal(a):"
 ["Od:" "Odoslané:" "Komu:" "Predmet:"] "Pôvodná správa" "Odoslané z iPhonu" "Odoslané z môjho telefónu Galaxy" "pondelok 2. novembra 2026 9:12"
 "Od rána zase funguje.\nPožiadavku môžete uzavrieť." "Tá pri schodoch." "Myslím, že od minulého piatka."
"hu" "Support <support@example.org> ezt írta (időpont: 2026. nov. 2., H, 9:12):" "2026. nov. 2. dátummal, 9:12 időpontban Support <support@example.org> írta:" "2026. 11. 02. 9:12 keltezéssel, Support írta:"
 ["Feladó:" "Elküldve:" "Címzett:" "Tárgy:"] "Eredeti üzenet" "Elküldve az iPhone-omról" "Elküldve a Galaxy telefonomról" "2026. november 2., hétfő 9:12"
 "Ma reggel óta megint működik.\nA bejelentést le lehet zárni." "A lépcső melletti." "Azt hiszem, múlt péntek óta."
"ro" "În lun., 2 nov. 2026 la 09:12, Support <support@example.org> a scris:" "Pe 2 nov. 2026, la 09:12, Support <support@example.org> a scris:" "La 02.11.2026 09:12, Support a scris:"
 ["De la:" "Trimis:" "Către:" "Subiect:"] "Mesaj original" "Trimis de pe iPhone-ul meu" "Trimis de pe telefonul meu Galaxy" "luni, 2 noiembrie 2026 09:12"
 "Merge din nou de azi dimineață.\nPuteți închide cererea." "Cea de lângă scări." "De vinerea trecută, cred."
"ru" "пн, 2 нояб. 2026 г. в 09:12, Support <support@example.org>:" "2 нояб. 2026 г., в 09:12, Support <support@example.org> написал(а):" "02.11.2026 09:12, Support пишет:"
 ["От:" "Отправлено:" "Кому:" "Тема:"] "Исходное сообщение" "Отправлено с iPhone" "Отправлено с моего Galaxy" "2 ноября 2026 г. 9:12"
 "С утра снова работает.\nЗаявку можно закрыть." "Тот, что у лестницы." "Кажется, с прошлой пятницы."
"uk" "пн, 2 лист. 2026 р. о 09:12 Support <support@example.org> пише:" "2 лист. 2026 р. о 09:12 Support <support@example.org> написав:" "02.11.2026 09:12, Support пише:"
 ["Від:" "Надіслано:" "Кому:" "Тема:"] "Вихідне повідомлення" "Надіслано з iPhone" "Надіслано з мого Galaxy" "2 листопада 2026 р. 9:12"
 "Зранку знову працює.\nЗаявку можна закрити." "Той, що біля сходів." "Здається, з минулої п'ятниці."
"bg" "На пн, 2.11.2026 г. в 9:12 Support <support@example.org> написа:" "На 2.11.2026 г., в 9:12, Support <support@example.org> написа:" "На 2.11.2026 г. в 9:12, Support написа:"
 ["От:" "Изпратено:" "До:" "Относно:"] "Оригинално писмо" "Изпратено от моя iPhone" "Изпратено от моя Galaxy" "понеделник, 2 ноември 2026 г. 9:12"
 "От сутринта пак работи.\nМожете да затворите заявката." "Този до стълбите." "Мисля, че от миналия петък."
"el" "Στις Δευ 2 Νοε 2026 στις 9:12 π.μ., ο/η Support <support@example.org> έγραψε:" "Στις 2 Νοε 2026, στις 9:12 π.μ., ο χρήστης Support <support@example.org> έγραψε:" "Στις 2/11/26 09:12, ο Support έγραψε:"
 ["Από:" "Στάλθηκε:" "Προς:" "Θέμα:"] "Αρχικό μήνυμα" "Στάλθηκε από το iPhone μου" "Στάλθηκε από το Galaxy μου" "Δευτέρα, 2 Νοεμβρίου 2026 9:12 πμ"
 "Από το πρωί δουλεύει πάλι.\nΜπορείτε να κλείσετε το αίτημα." "Αυτός δίπλα στη σκάλα." "Από την περασμένη Παρασκευή, νομίζω."
"tr" "Support <support@example.org>, 2 Kas 2026 Pzt, 09:12 tarihinde şunu yazdı:" "Support <support@example.org> şunları yazdı (2 Kas 2026 09:12):" "2.11.2026 09:12 tarihinde Support yazdı:"
 ["Kimden:" "Gönderildi:" "Kime:" "Konu:"] "Orijinal mesaj" "iPhone'umdan gönderildi" "Galaxy'mden gönderildi" "2 Kasım 2026 Pazartesi 09:12"
 "Bu sabahtan beri yine çalışıyor.\nTalebi kapatabilirsiniz." "Merdivenlerin yanındaki." "Sanırım geçen cumadan beri."
"he" "\u{202b}בתאריך יום ב׳, 2 בנוב׳ 2026 ב-9:12 מאת \u{202a}Support\u{202c}\u{200f} <\u{202a}support@example.org\u{202c}\u{200f}>:\u{202c}" "ב-2 בנוב׳ 2026, בשעה 9:12, Support <support@example.org> כתב/ה:" "בתאריך 02/11/2026 9:12, Support כתב:"
 ["מאת:" "נשלח:" "אל:" "נושא:"] "הודעה מקורית" "נשלח מה-iPhone שלי" "נשלח מה-Galaxy שלי" "יום שני 2 נובמבר 2026 09:12"
 "מהבוקר זה שוב עובד.\nאפשר לסגור את הפנייה." "זו שליד המדרגות." "נדמה לי שמיום שישי שעבר."
"ar" "في الاثنين، 2 نوفمبر 2026 في 9:12 ص تمت كتابة ما يلي بواسطة Support <support@example.org>:" "في ٢ نوفمبر ٢٠٢٦، الساعة ٩:١٢ ص، كتب/كتبت Support <support@example.org>:" "في 2/11/26 9:12، كتب Support:"
 ["من:" "تم الإرسال:" "إلى:" "الموضوع:"] "الرسالة الأصلية" "أُرسلت من الـ iPhone" "أُرسلت من هاتف Galaxy" "الاثنين، ٢ نوفمبر ٢٠٢٦ ٩:١٢ ص"
 "عادت تعمل منذ هذا الصباح.\nيمكنكم إغلاق الطلب." "تلك القريبة من الدرج." "منذ الجمعة الماضية على ما أظن."
"fa" "Support <support@example.org> در تاریخ دوشنبه ۲ نوامبر ۲۰۲۶ ساعت ۹:۱۲ نوشت:" "در ۲ نوامبر ۲۰۲۶، ساعت ۹:۱۲، Support <support@example.org> نوشت:" "در ۲۰۲۶/۱۱/۲ ۹:۱۲، Support نوشت:"
 ["از:" "ارسال شده:" "به:" "موضوع:"] "پیام اصلی" "ارسال شده از iPhone من" "ارسال شده از Galaxy من" "دوشنبه ۲ نوامبر ۲۰۲۶ ۹:۱۲"
 "از امروز صبح دوباره کار می‌کند.\nمی‌توانید درخواست را ببندید." "آن که کنار پله‌هاست." "فکر کنم از جمعهٔ گذشته."
"ja" "2026年11月2日(月) 9:12 Support <support@example.org>:" "2026/11/02 9:12、Support <support@example.org>のメール:" "On 2026/11/02 9:12, Support wrote:"
 ["差出人:" "送信日時:" "宛先:" "件名:"] "元のメッセージ" "iPhoneから送信" "Galaxyから送信" "2026年11月2日月曜日 9:12"
 "今朝からまた動いています。\nこの件は終了してください。" "階段のそばのものです。" "先週の金曜日からだと思います。"
"zh-CN" "Support <support@example.org> 于2026年11月2日周一 09:12写道：" "2026年11月2日 09:12，Support <support@example.org> 写道：" "在 2026/11/2 9:12, Support 写道:"
 ["发件人:" "发送时间:" "收件人:" "主题:"] "原始邮件" "发自我的iPhone" "发自我的Galaxy" "2026年11月2日 9:12"
 "今天早上又恢复正常了。\n可以关闭这个请求。" "楼梯旁边的那台。" "我想是从上周五开始的。"
"zh-TW" "Support <support@example.org> 於 2026年11月2日 週一 上午9:12寫道：" "Support <support@example.org> 於 2026年11月2日 上午9:12 寫道：" "Support 於 2026/11/2 上午 09:12 寫道:"
 ["寄件者:" "寄件日期:" "收件者:" "主旨:"] "原始郵件" "從我的 iPhone 傳送" "從我的 Galaxy 傳送" "2026年11月2日 上午 09:12"
 "今天早上又恢復正常了。\n可以結束這個請求。" "樓梯旁邊的那台。" "我想是從上週五開始的。"
"ko" "2026년 11월 2일 (월) 오전 9:12, Support <support@example.org>님이 작성:" "2026. 11. 2. 오전 9:12, Support <support@example.org> 작성:" "2026-11-02 오전 9:12에 Support 이(가) 쓴 글:"
 ["보낸 사람:" "보낸 날짜:" "받는 사람:" "제목:"] "원본 메시지" "나의 iPhone에서 보냄" "나의 Galaxy에서 보냄" "2026년 11월 2일 월요일 오전 9:12"
 "오늘 아침부터 다시 됩니다.\n요청을 닫으셔도 됩니다." "계단 옆에 있는 것입니다." "지난주 금요일부터인 것 같습니다."
"vi" "Vào Th 2, 2 thg 11, 2026 vào lúc 09:12 Support <support@example.org> đã viết:" "Vào 2 thg 11, 2026, lúc 09:12, Support <support@example.org> đã viết:" "Vào 02/11/2026 09:12, Support đã viết:"
 ["Từ:" "Đã gửi:" "Đến:" "Chủ đề:"] "Thư gốc" "Đã gửi từ iPhone của tôi" "Đã gửi từ Galaxy của tôi" "Thứ Hai, 2 tháng 11, 2026 9:12 SA"
 "Từ sáng nay máy lại chạy được.\nCó thể đóng yêu cầu." "Cái ở gần cầu thang." "Từ thứ Sáu tuần trước, tôi nghĩ vậy."
"th" "ในวันที่ จ. 2 พ.ย. 2026 เวลา 09:12 Support <support@example.org> เขียนว่า:" "วันที่ 2 พ.ย. 2026 เวลา 09:12 Support <support@example.org> เขียนว่า:" "เมื่อ 2/11/2026 9:12, Support เขียน:"
 ["จาก:" "ส่ง:" "ถึง:" "เรื่อง:"] "ข้อความต้นฉบับ" "ส่งจาก iPhone ของฉัน" "ส่งจาก Galaxy ของฉัน" "วันจันทร์ที่ 2 พฤศจิกายน 2026 9:12"
 "ตั้งแต่เช้านี้ใช้งานได้แล้ว\nปิดคำขอได้เลย" "เครื่องที่อยู่ใกล้บันได" "น่าจะตั้งแต่วันศุกร์ที่แล้ว"
"id" "Pada Sen, 2 Nov 2026 pukul 09.12 Support <support@example.org> menulis:" "Pada 2 Nov 2026, pukul 09.12, Support <support@example.org> menulis:" "Pada 02/11/2026 09.12, Support menulis:"
 ["Dari:" "Dikirim:" "Kepada:" "Subjek:"] "Pesan asli" "Dikirim dari iPhone saya" "Dikirim dari Galaxy saya" "Senin, 02 November 2026 09.12"
 "Sejak pagi ini sudah berfungsi lagi.\nPermintaan boleh ditutup." "Yang di dekat tangga." "Sejak Jumat lalu, sepertinya."
"hr" "pon, 2. stu 2026. u 09:12 Support <support@example.org> napisao je:" "2. 11. 2026., u 09:12, Support <support@example.org> je napisao:" "Dana 2. 11. 2026. u 9:12, Support je napisao/la:"
 ["Od:" "Poslano:" "Za:" "Predmet:"] "Izvorna poruka" "Poslano s mog iPhonea" "Poslano s mog uređaja Galaxy" "ponedjeljak, 2. studenoga 2026. 9:12"
 "Od jutros opet radi.\nMožete zatvoriti zahtjev." "Onaj kraj stubišta." "Mislim od prošlog petka."
"eu" "Support erabiltzaileak (<support@example.org>) hau idatzi du (2026 aza. 2, al. (09:12)):" "2026(e)ko aza. 2a, 09:12(e)an, Support <support@example.org> erabiltzaileak idatzi du:" "2026/11/02 09:12(e)an, Support igorleak idatzi zuen:"
 ["Nork:" "Bidalia:" "Nori:" "Gaia:"] "Jatorrizko mezua" "Nire iPhone-tik bidalita" "Nire Galaxy-tik bidalita" "astelehena, 2026(e)ko azaroak 2 09:12"
 "Gaur goizetik badabil berriro.\nEskaera itxi dezakezue." "Eskaileren ondokoa." "Joan den ostiraletik, uste dut."
"ka" "ორშ, 2 ნოე, 2026, 09:12 Support <support@example.org> წერდა:" "2026 წლის 2 ნოემბერს, 09:12-ზე Support <support@example.org> წერდა:" "2026-11-02 09:12, Support წერს:"
 ["გამგზავნი:" "გაგზავნილია:" "მიმღები:" "თემა:"] "საწყისი წერილი" "გაგზავნილია ჩემი iPhone-დან" "გაგზავნილია ჩემი Galaxy-დან" "ორშაბათი, 2 ნოემბერი, 2026 09:12"
 "დილიდან ისევ მუშაობს.\nშეგიძლიათ დახუროთ." "კიბესთან რომ დგას." "მგონი გასული პარასკევიდან."
}
