using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Notifications;

/// <summary>How mails leave. Without a <see cref="Host"/> they are written as files into <see cref="Folder"/>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The SMTP server's name or address; none writes the mails into a folder.</summary>
    public string? Host { get; set; }

    /// <summary>The SMTP server's port; 587 is the one for submission.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>The account at the SMTP server, if it asks for one.</summary>
    public string? User { get; set; }

    /// <summary>The account's password, usually from the environment variable <c>Mail__Password</c>.</summary>
    public string? Password { get; set; }

    /// <summary>Who the mails are from, such as <c>Governance &lt;governance@example.org&gt;</c>. Required with a host.</summary>
    public string? From { get; set; }

    /// <summary>Where answers go, if not to the sender.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>Where mails are written while there is no host: below the data directory unless absolute.</summary>
    [Required]
    public string Folder { get; set; } = "mail";

    /// <summary>How long the SMTP server may take for one mail, in seconds.</summary>
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 15;
}

public enum MailSecurity
{
    /// <summary>In clear, for a relay on the same machine or network. No password can be used.</summary>
    None,

    /// <summary>Encrypted with STARTTLS and a certificate that is checked; a server that does not offer it gets no mail.</summary>
    StartTls,
}
