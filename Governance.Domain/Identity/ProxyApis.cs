namespace Governance.Domain.Identity;

/// <summary>The interfaces of the proxy, which a key is allowed one by one. They are the scopes of a virtual key.</summary>
public static class ProxyApis
{
    public const string ChatCompletions = "chat.completions";

    /// <summary>Every interface, in the order in which pages list them.</summary>
    public static IReadOnlyList<ProxyApi> All { get; } = [new(ChatCompletions, "Chat completions")];

    public static bool Exists(string name) => All.Any(api => api.Name == name);
}

/// <summary>An interface of the proxy.</summary>
/// <param name="Name">As scopes and errors name it.</param>
/// <param name="DisplayName">As pages call it.</param>
public sealed record ProxyApi(string Name, string DisplayName);
