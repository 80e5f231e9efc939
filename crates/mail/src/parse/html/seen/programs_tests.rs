//! What mail programs write around the words of whoever types in them: all of it is seen.

use super::seen;

#[test]
fn b1_what_mail_programs_write_around_an_authors_words_is_seen() {
    for (program, html) in [
        (
            "Outlook",
            "<html xmlns:o=\"urn:x\"><head><meta name=Generator content=\"Microsoft Word 15\"><!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}
             </style><![endif]--><style><!--
             /* Font Definitions */ @font-face {font-family:\"Cambria Math\"; panose-1:2 4 5 3 5 4 6 3 2 4;}
             p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; margin-bottom:.0001pt; font-size:11.0pt; font-family:\"Calibri\",sans-serif;
             mso-ligatures:standardcontextual; mso-fareast-language:EN-US;}
             a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
             p.MsoListParagraph {margin-top:0cm; margin-left:36.0pt;}
             span.E-MailFormatvorlage17 {mso-style-type:personal-compose; font-family:\"Calibri\",sans-serif; color:windowtext;}
             .MsoChpDefault {mso-style-type:export-only; font-size:10.0pt; mso-fareast-language:EN-US;}
             @page WordSection1 {size:612.0pt 792.0pt; margin:70.85pt 70.85pt 2.0cm 70.85pt;} div.WordSection1 {page:WordSection1;}
             @list l0:level1 {mso-level-text:x; mso-level-tab-stop:none; margin-left:36.0pt; text-indent:-18.0pt;}
             ol {margin-bottom:0cm;} ul {margin-bottom:0cm;} --></style></head>
             <body lang=DE link=\"#0563C1\" vlink=\"#954F72\" style='word-wrap:break-word'><div class=WordSection1>
             <p class=MsoNormal><span lang=EN-US style='font-family:\"Arial\",sans-serif;color:#1F497D;mso-fareast-language:EN-US'>!take<o:p></o:p></span></p>",
        ),
        (
            "Outlook, pasted",
            "<p class=MsoNormal style='margin-bottom:12.0pt;background:white;vertical-align:baseline'><span style='font-size:12.0pt;\
             font-family:\"Segoe UI\",sans-serif;color:windowtext;mso-themecolor:text1;letter-spacing:.05pt'>!take</span></p>",
        ),
        (
            "Outlook in the browser",
            "<html><head><style type=\"text/css\" style=\"display:none;\"> P {margin-top:0;margin-bottom:0;} </style></head><body dir=\"ltr\">\
             <div class=\"elementToProof\" style=\"font-family: Aptos, Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);\">!take</div>",
        ),
        (
            "Gmail",
            "<div dir=\"ltr\"><div class=\"gmail_default\" style=\"font-family:arial,sans-serif;font-size:small;color:#000000\">!take</div></div>",
        ),
        (
            "Gmail, pasted",
            "<div dir=\"ltr\"><span style=\"color:rgb(34,34,34);font-family:Arial,Helvetica,sans-serif;font-size:small;font-style:normal;\
             font-variant-ligatures:normal;font-variant-caps:normal;font-weight:400;letter-spacing:normal;text-align:start;text-indent:0px;\
             text-transform:none;white-space:normal;word-spacing:0px;background-color:rgb(255,255,255);text-decoration-style:initial;\
             text-decoration-color:initial;float:none;display:inline\">!take</span></div>",
        ),
        (
            "Apple Mail",
            "<html><body style=\"overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;\"><div dir=\"auto\" \
             style=\"caret-color: rgb(0, 0, 0); color: rgb(0, 0, 0); letter-spacing: normal; text-align: start; text-indent: 0px; \
             text-transform: none; white-space: normal; word-spacing: 0px; -webkit-text-stroke-width: 0px; text-decoration: none; \
             overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;\">!take</div>",
        ),
        (
            "dark",
            "<body style=\"background-color: rgb(0, 0, 0);\"><div style=\"color: rgb(255, 255, 255);\">!take</div></body>",
        ),
        ("dark, in one", "<div style=\"color:white;background-color:#1e1e1e\"><p>!take</p></div>"),
        (
            "dark where the reader wants it",
            "<style>@media (prefers-color-scheme: dark) { body { background-color: #121212; color: #fff } }</style><body><p>!take</p>",
        ),
        (
            "Thunderbird",
            "<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=UTF-8\"></head><body text=\"#000000\" bgcolor=\"#FFFFFF\">\
             <p><font face=\"Helvetica, Arial, sans-serif\" size=\"-1\" color=\"#000099\">!take</font></p>",
        ),
        (
            "Zoho",
            "<div style=\"font-family: Verdana, Arial, Helvetica, sans-serif; font-size: 10pt;\"><div id=\"Zm-_Id_-Sgn\" data-zbluepencil-ignore=\"true\">!take</div>",
        ),
        (
            "Yahoo",
            "<html><head></head><body><div class=\"ydp1a2b3c4dyahoo-style-wrap\" style=\"font-family:Helvetica Neue, Helvetica, Arial, \
             sans-serif;font-size:13px;\"><div dir=\"ltr\" data-setdir=\"false\">!take</div>",
        ),
        (
            "Proton",
            "<div style=\"font-family: Arial, sans-serif; font-size: 14px; color: rgb(0, 0, 0); background-color: rgb(255, 255, 255);\">!take</div>",
        ),
        ("Samsung", "<html><body dir=\"auto\"><div dir=\"auto\">!take</div><div id=\"composer_signature\" dir=\"auto\">Sent</div>"),
        (
            "Roundcube",
            "<html><head><style></style></head><body style='font-size: 10pt; font-family: Verdana,Geneva,sans-serif'><p>!take</p>",
        ),
        (
            "a warning above",
            "<div style=\"background-color:#FFEB9C;border:1pt solid #9C6500;padding:2pt\">From outside.</div><p class=MsoNormal>!take</p>",
        ),
    ] {
        assert!(seen(html).contains("!take"), "{program}: {}", seen(html));
        // A signature below changes nothing.
        let signed = html.replace("!take", "!take<br>")
            + "<div class=\"gmail_signature\"><img src=x><table style=\"border-top:1px solid\"><tr><td><del>Anna</del>";
        assert!(seen(&signed).contains("!take"), "{program}, signed");
    }
}
