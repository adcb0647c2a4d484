using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy.Connections;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>A connection as it is typed in.</summary>
internal sealed class ConnectionForm
{
    private string _kind = Providers.OpenAi.Id;

    public ConnectionForm() => BaseUrl = Guide.BaseUrl;

    public string Name { get; set; } = "";

    /// <summary>Another kind brings its own address, unless one was typed in.</summary>
    public string Kind
    {
        get => _kind;
        set
        {
            var untouched = BaseUrl.Length == 0 || BaseUrl == Guide.BaseUrl;
            _kind = value;
            if (untouched) BaseUrl = Guide.BaseUrl;
        }
    }

    public string BaseUrl { get; set; }

    public string Region { get; set; } = "";

    public string Account { get; set; } = "";

    public string AccessKeyId { get; set; } = "";

    public string Secret { get; set; } = "";

    /// <summary>One a line: <c>deployment = model</c>.</summary>
    public string Aliases { get; set; } = "";

    public int? ConnectTimeoutSeconds { get; set; }

    public int? ActivityTimeoutSeconds { get; set; }

    public int? Attempts { get; set; }

    public ProviderGuide Guide => ProviderGuide.Of(_kind);

    public static ConnectionForm Of(ConnectionRow row) => new()
    {
        Kind = row.Kind,
        Name = row.Name,
        BaseUrl = row.BaseUrl,
        Region = row.Region ?? "",
        Account = row.Account ?? "",
        AccessKeyId = row.AccessKeyId ?? "",
        ConnectTimeoutSeconds = row.ConnectTimeoutSeconds,
        ActivityTimeoutSeconds = row.ActivityTimeoutSeconds,
        Attempts = row.Attempts,
        Aliases = string.Join('\n', row.Aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal).Select(alias => $"{alias.Key} = {alias.Value}")),
    };

    public ConnectionDraft ToDraft() => new(Name, Kind, BaseUrl)
    {
        Region = Region,
        Account = Account,
        AccessKeyId = AccessKeyId,
        Secret = Secret,
        ConnectTimeoutSeconds = ConnectTimeoutSeconds,
        ActivityTimeoutSeconds = ActivityTimeoutSeconds,
        Attempts = Attempts,
        Aliases = ReadAliases(),
    };

    /// <summary>A line that is none has no model, which the service refuses with the rule.</summary>
    private Dictionary<string, string> ReadAliases()
    {
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Aliases.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            aliases[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }

        return aliases;
    }
}
