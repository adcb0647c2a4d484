namespace Governance.Infrastructure.Proxy;

/// <summary>The providers that every organisation of this installation can call.</summary>
public sealed class ProviderOptions
{
    public const string Section = "Providers";

    /// <summary>Such as <c>https://api.openai.com/v1</c>.</summary>
    public OperatorConnectionOptions OpenAI { get; set; } = new();

    /// <summary>Such as <c>https://api.anthropic.com</c>.</summary>
    public OperatorConnectionOptions Anthropic { get; set; } = new();

    /// <summary>Such as <c>https://generativelanguage.googleapis.com</c>.</summary>
    public OperatorConnectionOptions Gemini { get; set; } = new();

    /// <summary>Such as <c>https://my-resource.openai.azure.com</c>.</summary>
    public OperatorConnectionOptions AzureOpenAI { get; set; } = new();

    /// <summary>Such as <c>https://bedrock-runtime.eu-central-1.amazonaws.com</c>.</summary>
    public OperatorConnectionOptions Bedrock { get; set; } = new();

    public SandboxOptions Sandbox { get; set; } = new();

    /// <summary>Every section, by its name in the configuration and the id of its kind.</summary>
    internal IReadOnlyList<(string Section, string Kind, OperatorConnectionOptions Options, string Example)> Sections() =>
    [
        (nameof(OpenAI), "openai", OpenAI, "https://api.openai.com/v1"),
        (nameof(Anthropic), "anthropic", Anthropic, "https://api.anthropic.com"),
        (nameof(Gemini), "google", Gemini, "https://generativelanguage.googleapis.com"),
        (nameof(AzureOpenAI), "azure-openai", AzureOpenAI, "https://my-resource.openai.azure.com"),
        (nameof(Bedrock), ProviderConnections.Bedrock, Bedrock, "https://bedrock-runtime.eu-central-1.amazonaws.com"),
    ];

    /// <summary>The sections that are set.</summary>
    internal IEnumerable<(string Kind, OperatorConnectionOptions Options)> Configured() =>
        Sections().Where(section => section.Options.IsSet).Select(section => (section.Kind, section.Options));
}

/// <summary>A connection that the operator sets up; it exists once base URL and key are set.</summary>
public sealed class OperatorConnectionOptions
{
    /// <summary>What callers' paths follow, with the version where the provider's own base URL has it.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The provider's key, usually from an environment variable such as <c>Providers__OpenAI__ApiKey</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Set for a regional endpoint, whose prices carry an uplift.</summary>
    public string? Region { get; set; }

    /// <summary>For Amazon Bedrock: the id of the key that signs, whose secret is then <see cref="ApiKey"/>.</summary>
    public string? AccessKeyId { get; set; }

    internal bool IsSet => !string.IsNullOrWhiteSpace(BaseUrl) && !string.IsNullOrWhiteSpace(ApiKey);

    internal string? RegionOrNone => string.IsNullOrWhiteSpace(Region) ? null : Region;

    internal ProviderCredential Credential => new(ApiKey!, string.IsNullOrWhiteSpace(AccessKeyId) ? null : AccessKeyId);
}

/// <summary>The built-in provider that answers deterministically and costs nothing.</summary>
public sealed class SandboxOptions
{
    /// <summary>Whether it answers where no real provider is configured.</summary>
    public bool Enabled { get; set; }
}
