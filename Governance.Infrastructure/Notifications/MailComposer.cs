using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

/// <summary>Makes the message that goes out. The same id gives the same Message-ID.</summary>
internal sealed class MailComposer(IOptions<MailOptions> options)
{
    private const string LocalSender = "Governance <governance@localhost>";

    // RFC 5322 allows 998 characters a line; a longer one is broken up by the encoding.
    private const int LongestLine = 990;

    public MailMessage Compose(Guid id, OutgoingMail mail, string organization)
    {
        var from = new MailAddress(options.Value.From ?? LocalSender);
        var message = new MailMessage(from, new MailAddress(mail.To))
        {
            Subject = mail.Text.Title,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        if (options.Value.ReplyTo is { } replyTo) message.ReplyToList.Add(new MailAddress(replyTo));
        message.Headers.Add("Message-ID", $"<{id:n}@{from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies to this.
        message.AlternateViews.Add(View(MailLayout.Plain(mail.Text, organization), MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(View(MailLayout.Html(mail.Text, organization), MediaTypeNames.Text.Html));
        return message;
    }

    /// <summary>Readable as it is where that is possible, so that somebody who opens the file can follow its link.</summary>
    private static AlternateView View(string text, string mediaType)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, mediaType);
        view.TransferEncoding = Ascii.IsValid(text) && text.Split("\r\n").All(line => line.Length <= LongestLine)
            ? TransferEncoding.SevenBit
            : TransferEncoding.QuotedPrintable;
        return view;
    }
}
