using CsvHelper;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Keys;

/// <summary>The tables of keys and of service accounts as downloads: the same rows in the same order, and never a secret.</summary>
internal static class KeysCsv
{
    /// <summary>What both tables end with.</summary>
    private static readonly string[] CommonColumns =
        ["owner", "owner_disabled", "scopes", "created_at", "secret_created_at", "old_secret_until", "expires_at", "revoked_at", "state"];

    public static void MapKeysCsv(this IEndpointRouteBuilder endpoints)
    {
        var exports = endpoints.MapGroup("/export").ExcludeFromDescription();
        exports.MapGet("/keys.csv", GetKeysAsync).RequireAuthorization(Permissions.KeysRead);
        exports.MapGet("/service-accounts.csv", GetServiceAccountsAsync).RequireAuthorization(Permissions.ServiceAccountsRead);
    }

    private static async Task<IResult> GetKeysAsync(
        HttpContext http, OrganizationService organizations, KeyService keys, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var rows = (await keys.ListAsync(actor, cancellation)).Where(FilterOf(http).Matches);
        return CsvDownload.Stream("keys.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(["key_id", "name", "hint", "application", "team", "environment", "data_class", "allowed_models", "last_used_at", .. CommonColumns]);
            foreach (var row in rows)
            {
                csv.WriteField(PublicId.Format(PublicId.Key, row.Id));
                csv.WriteField(row.Name);
                csv.WriteField(row.Hint);
                csv.WriteField(row.ApplicationName);
                csv.WriteField(row.TeamName);
                csv.WriteField(row.Environment);
                csv.WriteField(row.DataClass);
                csv.WriteField(string.Join(' ', row.AllowedModels));
                csv.WriteField(CsvDownload.Instant(row.LastUsedAt));
                WriteCommon(csv, row);
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static async Task<IResult> GetServiceAccountsAsync(
        HttpContext http, OrganizationService organizations, ServiceAccountService accounts, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var rows = (await accounts.ListAsync(actor, cancellation)).Where(FilterOf(http).Matches);
        return CsvDownload.Stream("service-accounts.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(["service_account_id", "name", "hint", .. CommonColumns]);
            foreach (var row in rows)
            {
                csv.WriteField(PublicId.Format(PublicId.ServiceAccount, row.Id));
                csv.WriteField(row.Name);
                csv.WriteField(row.Hint);
                WriteCommon(csv, row);
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static KeyFilter FilterOf(HttpContext http) => KeyFilter.Parse(http.Request.Query["state"], http.Request.Query["search"]);

    private static void WriteCommon(CsvWriter csv, CredentialRow row)
    {
        csv.WriteField(row.Owner?.Name);
        csv.WriteField(row.Owner?.DisabledAt is not null);
        csv.WriteField(string.Join(' ', row.Scopes));
        csv.WriteField(CsvDownload.Instant(row.CreatedAt));
        csv.WriteField(CsvDownload.Instant(row.Current.CreatedAt));
        csv.WriteField(CsvDownload.Instant(row.Former?.ValidUntil));
        csv.WriteField(CsvDownload.Instant(row.ExpiresAt));
        csv.WriteField(CsvDownload.Instant(row.RevokedAt));
        csv.WriteField(row.Health.State switch
        {
            KeyState.OwnerDisabled => "owner_disabled",
            KeyState.Expired => "expired",
            KeyState.Revoked => "revoked",
            _ => "active",
        });
    }
}
