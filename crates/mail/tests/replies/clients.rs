//! How mail clients compose a reply: what they write above the message they answer, how they mark it, and the HTML around it.

use crate::languages::Language;

/// Where the customer answers, and what else stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    Top,
    Bottom,
    Inline,
    /// As `Inline`, announced above.
    Announced,
    /// Below the one question that was left of our mail.
    Trimmed,
    /// Above, with a signature behind `-- `.
    Signed,
    /// Above, with what the phone or the app adds.
    Phone,
    /// Above, with the firm's legal footer below the answer.
    Disclaimer,
    /// Above, with the legal footer that a gateway adds at the very end.
    Gateway,
    /// Above a colleague's mail that quotes ours.
    Deep,
}

use Position::*;

/// What the message is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    Plain,
    Flowed,
    Alternative,
    Html,
}

/// Tags around the pieces of the HTML form.
#[derive(Clone, Copy)]
pub struct Html {
    /// Around a paragraph of the author.
    pub author: (&'static str, &'static str),
    /// Before the head: a container opens, a line is drawn.
    pub open: &'static str,
    pub head: (&'static str, &'static str),
    pub quote: (&'static str, &'static str),
    /// Around a quoted paragraph.
    pub quoted: (&'static str, &'static str),
    pub close: &'static str,
    /// Around what a phone adds.
    pub phone: (&'static str, &'static str),
}

/// A mail client.
pub struct Client {
    pub name: &'static str,
    pub parts: Parts,
    /// In front of every quoted line of the plain form.
    pub mark: &'static str,
    /// The lines above a quoted message, by the language of the client and the author of the message.
    pub head: fn(&Language, &str) -> String,
    /// Columns after which lines are broken once they are marked, so that the rest of them has no mark.
    pub wrap: usize,
    /// Apple's clients write the head into the quote.
    pub head_quoted: bool,
    pub html: Html,
    pub positions: &'static [Position],
    /// What it adds.
    pub phone: fn(&Language) -> String,
}

fn named(text: &str, who: &str) -> String {
    if who == "Support" {
        text.to_owned()
    } else {
        text.replace("Support", who).replace("support@example.org", "bert@example.net")
    }
}

/// Gmail folds its plain form at 78 columns, attributions too.
fn gmail(l: &Language, who: &str) -> String {
    let mut lines = vec![String::new()];
    for word in named(l.gmail, who).split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < 70 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Web forms and some telephones write nothing at all above the message they answer.
fn nothing(_: &Language, _: &str) -> String {
    String::new()
}

fn apple(l: &Language, who: &str) -> String {
    named(l.apple, who)
}

fn thunderbird(l: &Language, who: &str) -> String {
    named(l.thunderbird, who)
}

fn fields(l: &Language, who: &str) -> String {
    let [from, sent, to, subject] = l.labels;
    let text = format!(
        "{from} Support <support@example.org>\n{sent} {}\n{to} Anna Berg <anna@example.net>\n{subject} Re: Printer [example.org #4711]",
        l.date
    );
    named(&text, who)
}

fn outlook(l: &Language, who: &str) -> String {
    format!("{}\n", fields(l, who))
}

fn underscores(l: &Language, who: &str) -> String {
    format!("________________________________\n{}\n", fields(l, who))
}

fn original(l: &Language, who: &str) -> String {
    format!("-----{}-----\n{}\n", l.original, fields(l, who))
}

fn samsung(l: &Language, who: &str) -> String {
    format!("-------- {} --------\n{}\n", l.original, fields(l, who))
}

fn em_client(l: &Language, who: &str) -> String {
    format!("------ {} ------\n{}\n", l.original, fields(l, who))
}

fn mutt(_: &Language, who: &str) -> String {
    named("On Mon, Nov 02, 2026 at 09:12:00AM +0000, Support wrote:", who)
}

fn kmail(l: &Language, who: &str) -> String {
    match l.code {
        "de" => named("Am Montag, 2. November 2026, 09:12:00 CET schrieb Support:", who),
        _ => named("On Monday, 2 November 2026 09:12:00 CET Support wrote:", who),
    }
}

fn yahoo(l: &Language, who: &str) -> String {
    match l.code {
        "en" => named("    On Monday, November 2, 2026 at 09:12:00 AM GMT+1, Support <support@example.org> wrote:  \n ", who),
        _ => format!("    {}  \n ", named(l.gmail, who)),
    }
}

fn aol(_: &Language, who: &str) -> String {
    named(
        "-----Original Message-----\nFrom: Support <support@example.org>\nTo: Anna Berg <anna@example.net>\nSent: Mon, Nov 2, 2026 9:12 am\nSubject: Re: Printer [example.org #4711]\n",
        who,
    )
}

fn proton(_: &Language, who: &str) -> String {
    named("On Monday, November 2nd, 2026 at 9:12 AM, Support <support@example.org> wrote:\n", who)
}

fn zoho(_: &Language, who: &str) -> String {
    named("---- On Mon, 02 Nov 2026 09:12:00 +0100 Support <support@example.org> wrote ---\n", who)
}

fn gmx(l: &Language, who: &str) -> String {
    let [from, sent, to, subject] = l.labels;
    named(
        &format!(
            "{sent} {}\n{from} \"Support\" <support@example.org>\n{to} anna@example.net\n{subject} Re: Printer [example.org #4711]\n",
            l.date
        ),
        who,
    )
}

fn notes(l: &Language, who: &str) -> String {
    let [from, sent, to, subject] = l.labels.map(|label| label.trim_end_matches(':').trim());
    named(
        &format!(
            "{from}:\tSupport <support@example.org>\n{to}:\tAnna Berg/Berg@Berg\n{sent}:\t02.11.2026 09:12\n{subject}:\tRe: Printer [example.org #4711]\n\n\n"
        ),
        who,
    )
}

fn group_wise(_: &Language, who: &str) -> String {
    named(">>> Support <support@example.org> 02.11.2026 09:12 >>>", who)
}

fn roundcube(l: &Language, who: &str) -> String {
    match l.code {
        "de" => named("Am 2026-11-02 09:12, schrieb Support:", who),
        "fr" => named("Le 2026-11-02 09:12, Support a écrit :", who),
        _ => named("On 2026-11-02 09:12, Support wrote:", who),
    }
}

fn mail_ru(l: &Language, who: &str) -> String {
    match l.code {
        "ru" | "uk" | "bg" => named("Понедельник, 2 ноября 2026, 9:12 +03:00 от Support <support@example.org>:\n ", who),
        _ => named("Monday, 2 November 2026, 09:12 +03:00 from Support <support@example.org>:\n ", who),
    }
}

fn yandex(_: &Language, who: &str) -> String {
    named("02.11.2026, 09:12, \"Support\" <support@example.org>:", who)
}

fn qq(l: &Language, who: &str) -> String {
    let text = match l.code {
        "zh-CN" | "zh-TW" => {
            "------------------ 原始邮件 ------------------\n发件人: \"Support\" <support@example.org>;\n发送时间: 2026年11月2日(星期一) 上午9:12\n收件人: \"Anna Berg\"<anna@example.net>;\n主题: Re: Printer [example.org #4711]\n\n"
        }
        _ => {
            "------------------ Original ------------------\nFrom: \"Support\" <support@example.org>;\nDate: Mon, Nov 2, 2026 09:12 AM\nTo: \"Anna Berg\"<anna@example.net>;\nSubject: Re: Printer [example.org #4711]\n\n"
        }
    };
    named(text, who)
}

fn the_bat(_: &Language, _: &str) -> String {
    "Monday, November 2, 2026, 9:12:00 AM, you wrote:\n".to_owned()
}

fn none(_: &Language) -> String {
    String::new()
}

const PLAIN: Html = Html {
    author: ("<div>", "</div>"),
    open: "",
    head: ("<div>", "</div>"),
    quote: ("<blockquote>", "</blockquote>"),
    quoted: ("<div>", "<br></div><br>"),
    close: "",
    phone: ("<div>", "</div>"),
};

const GMAIL: Html = Html {
    author: ("<div dir=\"ltr\">", "</div>"),
    open: "<br><div class=\"gmail_quote gmail_quote_container\">",
    head: ("<div dir=\"ltr\" class=\"gmail_attr\">", "<br></div>"),
    quote: (
        "<blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">",
        "</blockquote>",
    ),
    close: "</div>",
    ..PLAIN
};

const APPLE: Html = Html {
    author: ("<div>", "</div>"),
    open: "<div><br></div>",
    head: ("<div>", "</div><br class=\"Apple-interchange-newline\">"),
    quote: ("<blockquote type=\"cite\">", "</blockquote>"),
    phone: ("<br id=\"lineBreakAtBeginningOfSignature\"><div dir=\"ltr\">", "</div>"),
    ..PLAIN
};

const OUTLOOK: Html = Html {
    author: ("<p class=\"MsoNormal\">", "<o:p></o:p></p>"),
    open: "<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\">",
    head: ("<p class=\"MsoNormal\">", "<o:p></o:p></p></div></div><p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>"),
    quote: ("", ""),
    quoted: ("<p class=\"MsoNormal\">", "<o:p></o:p></p><p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>"),
    ..PLAIN
};

const OWA: Html = Html {
    author: ("<div class=\"elementToProof\" style=\"font-family: Calibri, Helvetica, sans-serif; font-size: 12pt;\">", "</div>"),
    open: "<div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\">",
    head: ("<div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri, sans-serif\">", "</font><div>&nbsp;</div></div>"),
    quote: ("<div class=\"BodyFragment\">", "</div>"),
    quoted: ("<div class=\"PlainText\">", "<br><br></div>"),
    phone: ("<div id=\"ms-outlook-mobile-signature\"><div></div>", "</div>"),
    ..PLAIN
};

const THUNDERBIRD: Html = Html {
    author: ("<p>", "</p>"),
    head: ("<div class=\"moz-cite-prefix\">", "<br></div>"),
    quote: ("<blockquote type=\"cite\" cite=\"mid:k1.4711.9@example.org\">", "</blockquote>"),
    quoted: ("<pre class=\"moz-quote-pre\" wrap=\"\">", "\n</pre>"),
    ..PLAIN
};

const YAHOO: Html = Html {
    author: ("<div dir=\"ltr\" data-setdir=\"false\">", "</div>"),
    open: "<div><br></div></div><div id=\"yahoo_quoted_4711000001\" class=\"yahoo_quoted\"><div style=\"font-family:'Helvetica Neue', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;\">",
    head: ("<div>", "</div><div><br></div>"),
    quote: ("<div>", "</div>"),
    quoted: ("<div dir=\"ltr\">", "<br clear=\"none\"><br></div>"),
    close: "</div></div>",
    ..PLAIN
};

const PROTON: Html = Html {
    author: ("<div style=\"font-family: Arial, sans-serif; font-size: 14px;\">", "</div>"),
    open: "<div class=\"protonmail_quote\">",
    head: ("", "<br>"),
    quote: ("<blockquote class=\"protonmail_quote\" type=\"cite\">", "</blockquote><br>"),
    close: "</div>",
    phone: ("<div class=\"protonmail_signature_block\">", "</div>"),
    ..PLAIN
};

const ZOHO: Html = Html {
    open: "<div class=\"zmail_extra_hr\" style=\"border-top: 1px solid rgb(204, 204, 204); height: 0px;\"><br></div><div class=\"zmail_extra\" data-zbluepencil-ignore=\"true\"><div><br></div>",
    head: ("<div id=\"Zm-_Id_-Sgn1\">", "<br></div><div><br></div>"),
    quote: ("<blockquote id=\"blockquote_zmail\" style=\"margin: 0px;\">", "</blockquote>"),
    close: "</div>",
    ..PLAIN
};

const GMX: Html = Html {
    open: "<div>&nbsp;<div>&nbsp;<div name=\"quote\" style=\"margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;\">",
    head: ("<div style=\"margin:0 0 10px 0;\">", "</div>"),
    quote: ("<div name=\"quoted-content\">", "</div>"),
    close: "</div></div></div>",
    ..PLAIN
};

const NOTES: Html = Html {
    author: ("<font size=2 face=\"sans-serif\">", "</font><br>"),
    open: "<br><br><br>",
    head: ("<font size=1 color=#5f5f5f face=\"sans-serif\">", "</font><br><hr noshade><br>"),
    quote: ("<tt><font size=2>", "</font></tt>"),
    quoted: ("", "<br><br>"),
    ..PLAIN
};

const QQ: Html = Html {
    open: "<div><br></div><div><includetail><!--<![endif]--></includetail></div><div class=\"xm_mail_oringinal_describe\">",
    head: ("<div style=\"font-size:12px;background:#efefef;padding:8px;\">", "</div></div><div><br></div>"),
    quote: ("<div class=\"qmbox\">", "</div>"),
    ..PLAIN
};

const MAIL_RU: Html = Html {
    open: "<br><br>",
    head: ("<div class=\"mail-quote-collapse\"><div>", "</div></div>"),
    quote: (
        "<blockquote style=\"border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;\" class=\"mail-quote-collapse\">",
        "</blockquote>",
    ),
    ..PLAIN
};

const ZIMBRA: Html = Html {
    open: "<div><br></div><hr id=\"zwchr\" data-marker=\"__DIVIDER__\"><div data-marker=\"__HEADERS__\">",
    head: ("", "</div><div><br></div>"),
    quote: ("<div data-marker=\"__QUOTED_TEXT__\">", "</div>"),
    ..PLAIN
};

const MARKED: &[Position] = &[Top, Bottom, Inline, Announced, Trimmed, Signed, Gateway, Deep];
const UNMARKED: &[Position] = &[Top, Disclaimer, Gateway, Deep];
const OFFICE: &[Position] = &[Top, Inline, Announced, Disclaimer, Gateway, Deep];
const SIMPLE: &[Position] = &[Top, Gateway];
const PHONES: &[Position] = &[Top, Phone, Deep];

macro_rules! client {
    ($name:literal $parts:ident $mark:literal $head:ident $html:ident $positions:ident) => {
        client!($name $parts $mark $head $html $positions none)
    };
    ($name:literal $parts:ident $mark:literal $head:ident $html:ident $positions:ident $phone:expr) => {
        Client { name: $name, parts: Parts::$parts, mark: $mark, head: $head, wrap: usize::MAX, head_quoted: false, html: $html, positions: $positions, phone: $phone }
    };
}

/// Every client of the grid.
pub fn clients() -> Vec<Client> {
    let outlook_app = |l: &Language| match l.code {
        "de" => "Outlook für iOS beziehen<https://aka.ms/o0ukef>".to_owned(),
        "fr" => "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>".to_owned(),
        "es" => "Obtener Outlook para iOS<https://aka.ms/o0ukef>".to_owned(),
        _ => "Get Outlook for iOS<https://aka.ms/o0ukef>".to_owned(),
    };
    vec![
        client!("gmail-web" Alternative "> " gmail GMAIL MARKED),
        client!("gmail-phone" Alternative "> " gmail GMAIL PHONES |l| l.android.to_owned()),
        Client { head_quoted: true, ..client!("apple-mail" Alternative "> " apple APPLE MARKED) },
        Client { head_quoted: true, ..client!("iphone" Alternative "> " apple APPLE PHONES |l| l.iphone.to_owned()) },
        client!("outlook-desktop" Alternative "" outlook OUTLOOK OFFICE),
        client!("outlook-html-only" Html "" fields OUTLOOK OFFICE),
        client!("outlook-web" Alternative "" underscores OWA UNMARKED),
        client!("outlook-phone" Alternative "" underscores OWA PHONES outlook_app),
        client!("outlook-plain-text" Plain "" original PLAIN UNMARKED),
        client!("outlook-plain-marked" Plain "> " original PLAIN UNMARKED),
        client!("thunderbird-text" Flowed "> " thunderbird PLAIN MARKED),
        client!("thunderbird-html" Html "> " thunderbird THUNDERBIRD MARKED),
        client!("mutt" Plain "> " mutt PLAIN MARKED),
        client!("kmail" Plain "> " kmail PLAIN MARKED),
        client!("the-bat" Plain "S> " the_bat PLAIN MARKED),
        client!("yahoo" Alternative "" yahoo YAHOO UNMARKED),
        client!("yahoo-phone" Html "" yahoo YAHOO PHONES |_| "Sent from Yahoo Mail for iPhone".to_owned()),
        client!("aol" Alternative "" aol YAHOO UNMARKED),
        client!("proton" Alternative "> " proton PROTON MARKED),
        client!("zoho" Alternative "" zoho ZOHO UNMARKED),
        client!("gmx" Alternative "" gmx GMX UNMARKED),
        client!("gmx-html-only" Html "" gmx GMX UNMARKED),
        client!("samsung" Alternative "" samsung PLAIN PHONES |l| l.android.to_owned()),
        client!("k-9" Alternative "> " gmail GMAIL PHONES |_| "-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.".to_owned()),
        client!("notes" Alternative "" notes NOTES UNMARKED),
        client!("group-wise" Plain "" group_wise PLAIN UNMARKED),
        client!("zimbra" Alternative "" em_client ZIMBRA UNMARKED),
        client!("roundcube" Plain "> " roundcube PLAIN MARKED),
        client!("em-client" Alternative "> " em_client THUNDERBIRD UNMARKED),
        client!("mail-ru" Alternative "> " mail_ru MAIL_RU MARKED),
        client!("yandex" Html "> " yandex THUNDERBIRD MARKED),
        client!("qq" Alternative "" qq QQ UNMARKED),
        client!("bare" Plain "" nothing PLAIN SIMPLE),
        Client { wrap: 60, ..client!("wrapping" Plain "> " thunderbird PLAIN SIMPLE) },
        client!("blackberry" Plain "" original PLAIN UNMARKED),
    ]
}
