using Governance.Testing.Data;

namespace Governance.Testing.Mail;

/// <summary>The folder into which the product writes its mails while no mail server is configured.</summary>
/// <param name="path">Where it is.</param>
public sealed class MailFolder(string path)
{
    /// <summary>The folder in a database's data directory.</summary>
    public static MailFolder Of(TestDatabase database) => new(System.IO.Path.Combine(database.Folder, "mail"));

    public string Path { get; } = path;

    /// <summary>Every mail, the oldest first.</summary>
    public IReadOnlyList<ReceivedMail> All() =>
        Directory.Exists(Path) ? [.. Directory.GetFiles(Path, "*.eml").Order(StringComparer.Ordinal).Select(file => ReceivedMail.Parse(File.ReadAllText(file)))] : [];

    /// <summary>Waits for the newest mail to an address that a condition is true of.</summary>
    public Task<ReceivedMail> ToAsync(string address, Func<ReceivedMail, bool>? condition = null) => Eventually.SomeAsync(
        () => Task.FromResult(All().LastOrDefault(mail => mail.To == address && condition?.Invoke(mail) is not false)), $"there was a mail to {address}");
}
