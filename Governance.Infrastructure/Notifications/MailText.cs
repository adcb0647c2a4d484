namespace Governance.Infrastructure.Notifications;

/// <summary>A mail to one person.</summary>
/// <param name="To">The bare address.</param>
/// <param name="Text">What it says.</param>
public sealed record OutgoingMail(string To, MailText Text)
{
    /// <summary>Tells nothing: a mail may carry a secret link.</summary>
    public override string ToString() => nameof(OutgoingMail);
}

/// <summary>What a mail says, in clear text; the plain and the HTML form are made of it.</summary>
/// <param name="Title">The subject, and the heading; one line.</param>
/// <param name="Paragraphs">What is to be read before the button.</param>
/// <param name="Button">The one thing to do, if there is one.</param>
public sealed record MailText(string Title, IReadOnlyList<string> Paragraphs, MailButton? Button = null);

/// <summary>A link to follow.</summary>
/// <param name="Caption">What it does, such as "Set your password".</param>
/// <param name="Target">Where it leads; made by <see cref="SiteAddress.Link"/>.</param>
public sealed record MailButton(string Caption, Uri Target);
