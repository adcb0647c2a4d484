namespace Governance.Infrastructure.Proxy;

/// <summary>The providers the proxy can call.</summary>
public sealed class ProviderOptions
{
    public const string Section = "Providers";

    public OpenAiOptions OpenAI { get; set; } = new();

    public SandboxOptions Sandbox { get; set; } = new();
}

/// <summary>The connection to OpenAI; it exists once both values are set.</summary>
public sealed class OpenAiOptions
{
    /// <summary>The API's base URL with its version, such as <c>https://api.openai.com/v1</c>.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The provider's key, usually from the environment variable <c>Providers__OpenAI__ApiKey</c>.</summary>
    public string? ApiKey { get; set; }
}

/// <summary>The built-in provider that answers deterministically and costs nothing.</summary>
public sealed class SandboxOptions
{
    /// <summary>Whether it answers where no real provider is configured.</summary>
    public bool Enabled { get; set; }
}
