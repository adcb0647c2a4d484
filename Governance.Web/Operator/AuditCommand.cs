using System.CommandLine;
using Governance.Infrastructure.Audit;

namespace Governance.Web.Operator;

/// <summary><c>audit rotate-key</c>: another key signs the audit log from the next start.</summary>
internal static class AuditCommand
{
    public static Command Build()
    {
        var rotate = new Command("rotate-key", "Makes a new key for signing the audit logs. Restart the program to take it up.");
        rotate.SetAction((_, cancellation) => OperatorHost.RunAsync(async services =>
        {
            var rotated = await services.GetRequiredService<AuditKeyRotation>().RotateAsync(cancellation);
            if (!rotated.Succeeded) return rotated.Refusal.Message;
            Console.WriteLine("The new key is in keys/audit.key, the one of before in keys/audit-previous.key. Restart the program:");
            Console.WriteLine("each log then says in a leaf that its key changed, and the next checkpoint is signed by both.");
            return null;
        }, cancellation));
        return new Command("audit", "The audit log.") { rotate };
    }
}
