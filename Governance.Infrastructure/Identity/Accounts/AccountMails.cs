using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>The mails about a person's own account. Each is added to what the context saves next.</summary>
public sealed class AccountMails(MailQueue mails, SiteAddress site)
{
    public void PasswordReset(GovernanceDbContext db, Person person, string token) => Send(db, person, person.Email!,
        "Choose a new password",
        [
            "Somebody, most likely you, asked for a new password for your account.",
            "The link works once, and for one hour. Your second factor stays as it is. If it was not you, you need do nothing.",
        ],
        new MailButton("Choose a new password", site.Link($"/account/reset-password?person={person.Id:n}&token={Uri.EscapeDataString(token)}")));

    public void PasswordChanged(GovernanceDbContext db, Person person) => Send(db, person, person.Email!,
        "Your password was changed",
        ["The password of your account was changed, and your other sessions were ended.", "If it was not you, ask for a new password at once and tell an administrator."],
        new MailButton("I did not do this", site.Link("/account/forgot-password")));

    public void ConfirmAddress(GovernanceDbContext db, Person person, string newEmail, string token) => Send(db, person, newEmail,
        "Confirm your mail address",
        ["Confirm that this is the new mail address of your account. The link works once, and for one hour."],
        new MailButton("Confirm", site.Link($"/account/confirm-email?person={person.Id:n}&email={Uri.EscapeDataString(newEmail)}&token={Uri.EscapeDataString(token)}")));

    public void AddressChanged(GovernanceDbContext db, Person person, string oldEmail) => Send(db, person, oldEmail,
        "Your mail address was changed",
        ["The mail address of your account is another one now, and mails go there.", "If it was not you, tell an administrator at once."], null);

    public void AlreadyRegistered(GovernanceDbContext db, Person person) => Send(db, person, person.Email!,
        "You have an account already",
        ["Somebody, most likely you, tried to register with this mail address, which has an account already.", "If you do not remember the password, choose a new one."],
        new MailButton("Choose a new password", site.Link("/account/forgot-password")));

    public void DeletionRequested(GovernanceDbContext db, Person administrator, Person person) => Send(db, administrator, administrator.Email!,
        "Somebody asks for the deletion of their account",
        [$"{person.DisplayName} asks for the deletion of their account.", "Look at what depends on it, then disable it, or talk to them."],
        new MailButton("Open the person", site.Link($"/people/{person.Id:n}")));

    private void Send(GovernanceDbContext db, Person person, string to, string title, IReadOnlyList<string> paragraphs, MailButton? button)
    {
        var result = mails.Enqueue(db, person.OrganizationId, new OutgoingMail(to, new MailText(title, paragraphs, button)));
        if (!result.Succeeded) throw new InvalidOperationException($"A mail to a known address was refused: {result.Refusal.Message}");
    }
}
