using Governance.Domain.Privacy;

namespace Governance.Web.Components.Pages.Privacy;

/// <summary>A rule as it is typed in.</summary>
internal sealed class CaptureRuleForm
{
    private const int UsualDays = 30;

    /// <summary>Empty for every application.</summary>
    public string Application { get; set; } = "";

    /// <summary>Empty for every class of data.</summary>
    public string DataClass { get; set; } = "";

    public CapturedSides Sides { get; set; }

    public int RetentionDays { get; set; } = UsualDays;

    public bool Enabled { get; set; } = true;

    public static CaptureRuleForm Of(CaptureChoice choice) => new()
    {
        Application = choice.ApplicationId?.ToString() ?? "",
        DataClass = choice.DataClass ?? "",
        Sides = choice.Sides,
        RetentionDays = choice.RetentionDays,
        Enabled = choice.Enabled,
    };

    public CaptureChoice ToChoice() => new(
        Guid.TryParse(Application, out var application) ? application : null, DataClass.Length == 0 ? null : DataClass, Sides, RetentionDays, Enabled);
}
