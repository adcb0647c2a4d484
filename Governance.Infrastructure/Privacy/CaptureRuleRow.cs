using Governance.Domain.Privacy;

namespace Governance.Infrastructure.Privacy;

/// <summary>A rule as pages show it.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Application">The application's name; none for every application.</param>
/// <param name="Choice">What it says.</param>
public sealed record CaptureRuleRow(Guid Id, string? Application, CaptureChoice Choice);
