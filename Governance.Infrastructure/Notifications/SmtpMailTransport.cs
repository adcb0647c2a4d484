using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

/// <summary>
/// Hands mails to the configured SMTP server, each over a connection of its own. After a server said nothing for too long, mails
/// fail at once for as long again, so that a whole batch of them does not keep other work waiting.
/// </summary>
internal sealed class SmtpMailTransport(IOptions<MailOptions> options, TimeProvider time) : IMailTransport
{
    private long _silentUntil;

    public async Task SendAsync(Guid id, MailMessage message, CancellationToken cancellation)
    {
        var server = options.Value;
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref _silentUntil))
            throw new MailNotSentException("The mail server did not answer a moment ago.");

        var limit = TimeSpan.FromSeconds(server.TimeoutSeconds);
        using var client = new SmtpClient(server.Host, server.Port) { EnableSsl = server.Security == MailSecurity.StartTls };
        if (server.User is not null) client.Credentials = new NetworkCredential(server.User, server.Password);
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            // The client's own time limit is for its blocking methods alone.
            await client.SendMailAsync(message, either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _silentUntil, (time.GetUtcNow() + limit).UtcTicks);
            throw new MailNotSentException($"The mail server did not take the mail within {server.TimeoutSeconds} s.");
        }
    }
}
