using System.Net.Mail;

namespace Governance.Infrastructure.Notifications;

/// <summary>Carries a mail out of this process.</summary>
internal interface IMailTransport
{
    /// <summary>Hands the mail over, durably. An exception means that it was not taken, or that nobody knows.</summary>
    /// <param name="id">The mail's own id, the same at each repetition.</param>
    /// <param name="message">The mail.</param>
    /// <param name="cancellation">Gives up.</param>
    Task SendAsync(Guid id, MailMessage message, CancellationToken cancellation);
}
