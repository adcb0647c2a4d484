using System.Globalization;
using Governance.Domain.Audit;
using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit.Anchors;

internal sealed class AuditAnchorOptionsValidator : IValidateOptions<AuditAnchorOptions>
{
    private const string Key = AuditAnchorOptions.Section;

    public ValidateOptionsResult Validate(string? name, AuditAnchorOptions options)
    {
        List<string> errors = [.. OfTimes(options), .. OfFolder(options.Folder), .. OfWebhooks(options.Webhooks), .. OfMail(options.Mail), .. OfWitnesses(options.Witnesses)];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> OfTimes(AuditAnchorOptions options)
    {
        if (options.Every < TimeSpan.FromMinutes(1) || options.Every > TimeSpan.FromDays(1))
            yield return $"{Key}:Every must be between 00:01:00 and 1.00:00:00.";
        if (options.MailEvery < TimeSpan.FromDays(1) || options.MailEvery > TimeSpan.FromDays(31))
            yield return $"{Key}:MailEvery must be between 1.00:00:00 and 31.00:00:00.";
        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(1))
            yield return $"{Key}:Timeout must be between 00:00:01 and 00:01:00.";
    }

    /// <summary>It is not made here: where a disk is not mounted, a new folder would lie on the wrong one.</summary>
    private static IEnumerable<string> OfFolder(string? folder)
    {
        if (string.IsNullOrWhiteSpace(folder)) yield break;
        if (!Directory.Exists(folder)) yield return $"{Key}:Folder must be a folder that exists: {Path.GetFullPath(folder)} does not.";
        else if (Path.GetFullPath(folder).Length > AuditDepositConfiguration.MaxTarget) yield return $"{Key}:Folder must be shorter than {AuditDepositConfiguration.MaxTarget} characters.";
    }

    private static IEnumerable<string> OfWebhooks(IList<string> webhooks)
    {
        for (var i = 0; i < webhooks.Count; i++)
        {
            if (WebhookUrl.Parse(webhooks[i]) is not { } url) yield return Of("Webhooks", i, WebhookUrl.Rule + ".");
            else if (webhooks.Take(i).Select(WebhookUrl.Parse).Any(other => other is not null && WebhookUrl.Shown(other) == WebhookUrl.Shown(url)))
                yield return Of("Webhooks", i, "must differ from those before by more than its query.");
        }
    }

    private static IEnumerable<string> OfMail(IList<string> addresses)
    {
        for (var i = 0; i < addresses.Count; i++)
        {
            if (!MailQueue.IsAddress(addresses[i])) yield return Of("Mail", i, "must be a bare mail address, such as auditor@example.org.");
        }
    }

    private static IEnumerable<string> OfWitnesses(IList<WitnessOptions> witnesses)
    {
        for (var i = 0; i < witnesses.Count; i++)
        {
            if (WebhookUrl.Parse(witnesses[i].Url) is not { Query: "" }) yield return Of("Witnesses", i, WebhookUrl.Rule + ", and without a query.", ":Url");
            else if (witnesses.Take(i).Any(other => other.Url?.TrimEnd('/') == witnesses[i].Url!.TrimEnd('/'))) yield return Of("Witnesses", i, "is there twice.", ":Url");
            if (WitnessKey.Parse(witnesses[i].VerifierKey ?? "") is null)
                yield return Of("Witnesses", i, "must be the witness's verifier key for cosignatures (name+hash+base64, kind 4), as its operator publishes it.", ":VerifierKey");
        }
    }

    private static string Of(string list, int index, string problem, string member = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{Key}:{list}:{index}{member} {problem}");
}
