using System.Net.Mail;

namespace Governance.Infrastructure.Notifications;

/// <summary>
/// A mail that did not leave. It says why without the address and without the server's own words, which repeat it: both the log and
/// the queue's table keep the message in clear. For the same reason it has no inner exception.
/// </summary>
public sealed class MailNotSentException(string message) : Exception(message)
{
    internal static MailNotSentException Of(Exception exception, string address) => exception switch
    {
        MailNotSentException mine => mine,
        SmtpException { StatusCode: not SmtpStatusCode.GeneralFailure } refused =>
            new($"The mail server refused the mail: {(int)refused.StatusCode} {refused.StatusCode}."),
        _ => new($"The mail could not be sent: {exception.GetBaseException().Message}".Replace(address, "(address)", StringComparison.OrdinalIgnoreCase)),
    };
}
