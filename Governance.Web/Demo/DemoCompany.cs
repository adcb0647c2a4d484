using Governance.Domain.Identity;

namespace Governance.Web.Demo;

/// <summary>The made-up company: who works there and what its applications do. Its domain is reserved for examples (RFC 2606).</summary>
internal static class DemoCompany
{
    public const string Name = "Meridian Works";
    public const string TimeZone = "Europe/Berlin";
    public const string Currency = "EUR";

    /// <summary>Each after the one it belongs to.</summary>
    public static IReadOnlyList<DemoTeam> Teams { get; } =
    [
        new("Technology"),
        new("Platform", "Technology"),
        new("Developer Experience", "Platform"),
        new("Data Science", "Technology"),
        new("Product", "Technology"),
        new("Operations"),
        new("Customer Care", "Operations"),
        new("Finance", "Operations"),
        new("Risk and Compliance", "Operations"),
    ];

    public static IReadOnlyList<DemoPerson> People { get; } =
    [
        new("Ada Lindqvist", "ada.lindqvist", Roles.SystemAdmin, "Platform", 40, Leads: true),
        new("Bruno Costa", "bruno.costa", Roles.CostViewer, "Finance", 19),
        new("Chiara Romano", "chiara.romano", Roles.SystemAdmin, "Technology", 52, Leads: true),
        new("Daniel Okafor", "daniel.okafor", Roles.TeamLead, "Customer Care", 31, Leads: true),
        new("Elif Yilmaz", "elif.yilmaz", Roles.Member, "Customer Care", 8),
        new("Finn Petersen", "finn.petersen", Roles.TeamLead, "Product", 27, Leads: true),
        new("Grace Mensah", "grace.mensah", Roles.CostAdmin, "Finance", 36, Leads: true),
        new("Hana Novak", "hana.novak", Roles.ComplianceOfficer, "Risk and Compliance", 22),
        new("Mara Vogel", "mara.vogel", Roles.ComplianceOfficer, "Risk and Compliance", 17),
        new("Ivan Petrov", "ivan.petrov", Roles.TeamLead, "Data Science", 15, Leads: true),
        new("Julia Weber", "julia.weber", Roles.Member, "Developer Experience", 14, Before: "Data Science"),
        new("Kenji Sato", "kenji.sato", Roles.Member, "Data Science", 30, HasLeft: true),
        new("Oskar Lund", "oskar.lund", Roles.Member, "Product", 29, HasLeft: true, IsErased: true),
        new("Lea Moreau", "lea.moreau", Roles.Auditor, "Risk and Compliance", 11),
    ];

    /// <summary>Who has not accepted yet.</summary>
    public static IReadOnlyList<DemoPerson> Invited { get; } =
    [
        new("Mateo Silva", "mateo.silva", Roles.Member, "Product", 0),
        new("Noor Haddad", "noor.haddad", Roles.CostViewer, "Finance", 0),
    ];

    public static IReadOnlyList<DemoApplication> Applications { get; } =
    [
        new("Support assistant", "Customer Care", "production", "personal", 26, 8000, 600, 0.45,
            [new("openai", "gpt-5-mini", 5), new("openai", "gpt-5.6-luna", 9), new("anthropic", "claude-haiku-4-5", 2)]),
        new("Call summaries", "Customer Care", "production", "personal", 16, 32000, 1200, 0.1,
            [new("openai", "gpt-4.1", 4), new("openai", "gpt-5", 3), new("google", "gemini-2.5-flash", 3)]),
        new("Code review bot", "Platform", "production", "confidential", 14, 90000, 6000, 0.6,
            [new("anthropic", "claude-sonnet-4-5", 5), new("anthropic", "claude-sonnet-5-5", 8), new("openai", "gpt-5.6-sol", 2)]),
        new("Incident copilot", "Platform", "production", "internal", 5, 70000, 4500, 0.3,
            [new("anthropic", "claude-opus-5", 3), new("openai", "gpt-5", 2)]),
        new("Catalogue writer", "Product", "production", "public", 22, 4000, 1800, 0.2,
            [new("openai", "gpt-5-mini", 3), new("google", "gemini-2.5-flash", 4), new("google", "gemini-3.5-flash", 2)], HasCache: true),
        new("Search ranking", "Product", "staging", "internal", 18, 9000, 220, 0.7,
            [new("openai", "gpt-5-nano", 5), new("openai", "gpt-6-luna", 4)]),
        new("Document indexer", "Data Science", "production", "confidential", 12, 110000, 2200, 0.05,
            [new("google", "gemini-2.5-pro", 2), new("azure-openai", "gpt-4.1", 4), new("bedrock", "amazon.nova-pro-v1:0", 2)]),
        new("Month-end analyst", "Finance", "production", "confidential", 4, 150000, 9000, 0.25,
            [new("openai", "gpt-5", 3), new("openai", "gpt-6-sol", 4), new("azure-openai", "gpt-5.5", 1)]),
    ];
}

/// <summary>A team and the one it belongs to.</summary>
internal sealed record DemoTeam(string Name, string? Parent = null);

/// <summary>Somebody who works there.</summary>
/// <param name="Name">As they are called.</param>
/// <param name="Mailbox">Their address, before the @.</param>
/// <param name="Role">Their role: for their team if it is a team's, else for everything.</param>
/// <param name="Team">Where they work.</param>
/// <param name="MonthsAgo">When they joined.</param>
/// <param name="Leads">Whether they lead the team.</param>
/// <param name="Before">The team they were in until half their time ago, if another.</param>
/// <param name="HasLeft">Whether they left, and were disabled.</param>
/// <param name="IsErased">Whether they were erased since.</param>
internal sealed record DemoPerson(
    string Name, string Mailbox, string Role, string Team, int MonthsAgo, bool Leads = false, string? Before = null, bool HasLeft = false, bool IsErased = false)
{
    public string Email => $"{Mailbox}@meridian.example";
}

/// <summary>An application and how it uses models.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Team">Who owns it.</param>
/// <param name="Environment">Where it runs.</param>
/// <param name="DataClass">What it may send.</param>
/// <param name="CallsPerDay">How often it calls on a working day at the start of the history.</param>
/// <param name="PromptTokens">A typical prompt.</param>
/// <param name="OutputTokens">A typical answer.</param>
/// <param name="CachedShare">How much of a prompt is usually read from the cache.</param>
/// <param name="Models">What it calls, by weight; a model is used from the day it has a price.</param>
/// <param name="HasCache">Whether answers to it are kept, and given again.</param>
internal sealed record DemoApplication(
    string Name, string Team, string Environment, string DataClass, int CallsPerDay, int PromptTokens, int OutputTokens, double CachedShare,
    IReadOnlyList<DemoModel> Models, bool HasCache = false);

/// <summary>A model and how often it is chosen.</summary>
internal sealed record DemoModel(string Provider, string Model, int Weight);
