using System.Text;
using System.Text.Encodings.Web;

namespace Governance.Infrastructure.Notifications;

/// <summary>The one look of all mails, once as plain text and once as HTML. Whatever is not markup here is encoded.</summary>
internal static class MailLayout
{
    private static string Footer(string organization) => $"Sent by Governance on behalf of {organization}.";

    public static string Plain(MailText text, string organization)
    {
        var plain = new StringBuilder();
        plain.Append(text.Title).Append("\r\n\r\n");
        foreach (var paragraph in text.Paragraphs) plain.Append(paragraph.ReplaceLineEndings("\r\n")).Append("\r\n\r\n");
        if (text.Button is { } button) plain.Append(button.Caption).Append(":\r\n").Append(button.Target.AbsoluteUri).Append("\r\n\r\n");
        return plain.Append("-- \r\n").Append(Footer(organization)).Append("\r\n").ToString();
    }

    public static string Html(MailText text, string organization)
    {
        var paragraphs = text.Paragraphs.Select(paragraph => $"<p>{Encode(paragraph).ReplaceLineEndings("<br>")}</p>");
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>{Encode(text.Title)}</title></head>
            <body style="margin:0 auto;max-width:36em;padding:1.5em;font:16px/1.5 sans-serif;color:#1c2430;background:#ffffff">
            <h1 style="font-size:1.25em">{Encode(text.Title)}</h1>
            {string.Concat(paragraphs)}
            {Button(text.Button)}
            <hr style="border:0;border-top:1px solid #d5dae1">
            <p style="font-size:0.85em;color:#5a6472">{Encode(Footer(organization))}</p>
            </body>
            </html>

            """.ReplaceLineEndings("\r\n");
    }

    /// <summary>The address is also there to be read: it shows where the button leads, and can be copied.</summary>
    private static string Button(MailButton? button)
    {
        if (button is null) return "";
        var target = Encode(button.Target.AbsoluteUri);
        return $"""
            <p><a href="{target}" style="display:inline-block;padding:0.6em 1.2em;border-radius:6px;color:#ffffff;background:#1f5fbf;text-decoration:none">{Encode(button.Caption)}</a></p>
            <p style="font-size:0.85em;word-break:break-all">{target}</p>
            """;
    }

    // The encoder writes line breaks as entities; they are kept, to become <br>.
    private static string Encode(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(HtmlEncoder.Default.Encode));
}
