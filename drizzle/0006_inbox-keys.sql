CREATE TABLE "inboxes" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"public_key" text,
	"seen_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "work_jobs" ADD COLUMN "sealed_to" text;--> statement-breakpoint
ALTER TABLE "work_jobs" ADD COLUMN "removed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inboxes" ADD CONSTRAINT "inboxes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "work_jobs_removed" ON "work_jobs" USING btree ("removed_at");