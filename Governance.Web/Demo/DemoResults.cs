using Governance.Domain;

namespace Governance.Web.Demo;

/// <summary>The demo's own data keeps to every rule, so a refusal is a bug.</summary>
internal static class DemoResults
{
    public static T ForDemo<T>(this Result<T> result) => result.Succeeded ? result.Value : throw Refused(result.Refusal);

    public static void ForDemo(this Result result)
    {
        if (!result.Succeeded) throw Refused(result.Refusal);
    }

    private static InvalidOperationException Refused(Refusal refusal) => new($"Demo data could not be made: {refusal.Message}");
}
