using System.Net.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

internal sealed class MailOptionsValidator(IConfiguration configuration) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        List<string> errors = [.. string.IsNullOrWhiteSpace(options.Host) ? OfFolder(options) : OfHost(options.Host, options)];
        if (options.From is not null && !MailAddress.TryCreate(options.From, out _))
            errors.Add("Mail:From must be a mail address, such as Governance <governance@example.org>.");
        if (options.ReplyTo is not null && !MailAddress.TryCreate(options.ReplyTo, out _))
            errors.Add("Mail:ReplyTo must be a mail address.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>Whoever names an account wants mails sent, and would not look for them in a folder.</summary>
    private static IEnumerable<string> OfFolder(MailOptions options)
    {
        if (options.User is not null || options.Password is not null)
            yield return "Mail:Host must be set where Mail:User or Mail:Password is.";
    }

    private IEnumerable<string> OfHost(string host, MailOptions options)
    {
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            yield return "Mail:Host must be a host name or an address, without a scheme or port.";
        if (options.From is null)
            yield return "Mail:From must be set where Mail:Host is.";
        if (options.User is null != options.Password is null)
            yield return "Mail:User and Mail:Password must be set together.";
        if (options.Password is not null && options.Security == MailSecurity.None)
            yield return "Mail:Security must be StartTls where Mail:Password is set: the password would be sent in clear.";

        // What leaves this machine is read on another one, where the address this process listens on may mean nothing.
        if (string.IsNullOrWhiteSpace(configuration[$"{SiteOptions.Section}:{nameof(SiteOptions.Url)}"]))
            yield return "Site:Url must be set where Mail:Host is: links in mails begin with it.";
    }
}
