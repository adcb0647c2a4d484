namespace Governance.Web.Proxy;

/// <summary>An answer that was read whole and not sent yet.</summary>
/// <param name="Relayed">What it is; with an error of ours, the caller gets that in its place.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record PlainAnswer(Relayed Relayed, byte[] Body);
